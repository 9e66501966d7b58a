#!/usr/bin/python3
"""How long calls that are awaited hold up the loop, and what awaiting costs.

Usage: aio.py, with the modules and the library to be found, and LIBVIRT_DRIVER_DIR naming the folder of the sample driver in C.
Prints a name, a value and its goal on each line, with tabs between; no goal where there is none. Exit status 1 when a goal is
missed.
"""
import asyncio
import statistics
import sys
import time

import libvirt
import libvirt.aio

CALLS = 1000
DELAY = 5  # milliseconds that a slow call takes
TICK = 0.001


async def ticks(late, stop):
    """How much later than asked the loop wakes somebody, in milliseconds."""
    while not stop.is_set():
        before = time.perf_counter()
        await asyncio.sleep(TICK)
        late.append((time.perf_counter() - before - TICK) * 1000)


async def meanwhile(begin):
    """The lateness of the loop while something is awaited, and how long that took."""
    late, stop = [], asyncio.Event()
    ticking = asyncio.create_task(ticks(late, stop))
    await asyncio.sleep(0.05)
    late.clear()
    before = time.perf_counter()
    await begin()
    spent = time.perf_counter() - before
    stop.set()
    await ticking
    return late, spent


def percentile(values, hundredth):
    return statistics.quantiles(values, n=100, method="inclusive")[hundredth - 1]


async def slow_calls(workers):
    async with libvirt.aio.open(f"sample:///?guests={CALLS}&delay={DELAY}", workers=workers) as connection:
        domains = await connection.listAllDomains()
        await asyncio.gather(*(domain.create() for domain in domains))
        return await meanwhile(lambda: asyncio.gather(*(domain.shutdown() for domain in domains)))


async def quick_calls():
    """Microseconds that an awaited call takes beyond the call, one after the other, and many at once."""
    async with libvirt.aio.open("sample:///") as connection:
        domain = await connection.lookupByName("guest-0")
        sync = libvirt.open("sample:///").lookupByName("guest-0")
        count = 5000
        before = time.perf_counter()
        for _ in range(count):
            sync.info()
        plain = time.perf_counter() - before
        before = time.perf_counter()
        for _ in range(count):
            await domain.info()
        single = time.perf_counter() - before
        before = time.perf_counter()
        await asyncio.gather(*(domain.info() for _ in range(count)))
        many = time.perf_counter() - before
        sync.connect().close()
        return (single - plain) / count * 1e6, (many - plain) / count * 1e6


async def main():
    results = []
    for workers in (4, 32):
        late, spent = await slow_calls(workers)
        name = f"aio: {CALLS} slow calls, {workers} workers"
        results.append((f"{name}, lateness of the loop, 99th percentile, ms", percentile(late, 99), 10))
        results.append((f"{name}, lateness of the loop, most, ms", max(late), None))
        results.append((f"{name}, time spent / time of the calls", spent / (CALLS * DELAY / 1000 / workers), None))
    single, many = await quick_calls()
    results.append(("aio: awaiting one call after the other, us beyond the call", single, None))
    results.append(("aio: awaiting many calls at once, us beyond the call", many, None))
    missed = 0
    for name, value, goal in results:
        print(f"{name}\t{value:.3f}\t{'' if goal is None else goal}")
        missed += goal is not None and value > goal
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
