"""What the modules cost, in one process: prints a line `name<TAB>nanoseconds` for each case, the lowest of all batches. With a
case's name and a number it only runs that case as often, for whoever counts its instructions."""
import os
import sys
import threading
import time

import libvirt

ROUNDS = 7
DOMAINS = 1000


def best(case, count):
    """Nanoseconds of processor time of one of `count` turns: other programs on the machine do not count."""
    lowest = None
    for _ in range(ROUNDS):
        start = time.thread_time_ns()
        case(count)
        spent = (time.thread_time_ns() - start) / count
        lowest = spent if lowest is None else min(lowest, spent)
    return lowest


def calls(function, *arguments):
    """Calls one function again and again."""
    def case(count):
        for _ in range(count):
            function(*arguments)
    return case


def open_close(count):
    function = libvirt.open
    for _ in range(count):
        function("test:///default").close()


def missing(connection):
    """Looks for a domain that is not there, and asks why it failed."""
    def case(count):
        function, error = connection.lookupByName, libvirt.libvirtError
        for _ in range(count):
            try:
                function("none")
            except error as caught:
                caught.get_error_code()
    return case


def rate(connection, number, seconds=0.4):
    """Lookups a second that so many threads reach together."""
    done, counts, begin = threading.Event(), [0] * number, threading.Barrier(number + 1)

    def work(index):
        function, count = connection.lookupByName, 0
        begin.wait()
        while not done.is_set():
            for _ in range(200):
                function("test")
            count += 200
        counts[index] = count

    threads = [threading.Thread(target=work, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    time.sleep(seconds)
    done.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


def main():
    # Where nobody listens, the library writes a line for each error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    connection = libvirt.open("test:///default")
    domain = connection.lookupByName("test")
    cases = [
        ("name", calls(domain.name), 50000),
        ("information", calls(domain.info), 20000),
        ("lookup by name", calls(connection.lookupByName, "test"), 10000),
        ("description", calls(domain.XMLDesc), 4000),
        ("open and close", open_close, 4000),
        ("missing domain", missing(connection), 10000),
    ]
    if len(sys.argv) == 3:
        dict((name, case) for name, case, _ in cases)[sys.argv[1]](int(sys.argv[2]))
        return
    results = {name: best(case, count) for name, case, count in cases}
    libvirt.registerErrorHandler(lambda *_: None, None)
    results["missing domain, handler"] = best(missing(connection), 10000)
    for number in (1, 2, 4, 8):
        results[f"threads {number}"] = max(rate(connection, number) for _ in range(3))
    text = "<domain type='test'><name>%d</name><memory>1024</memory><os><type>hvm</type></os></domain>"
    for number in range(DOMAINS):
        connection.defineXML(text % number)
    results["list of 1000"] = best(calls(connection.listAllDomains), 5)
    results["statistics of 1000"] = best(calls(connection.getAllDomainStats, libvirt.VIR_DOMAIN_STATS_STATE), 5)
    for name, value in results.items():
        print(f"{name}\t{value}")


if __name__ == "__main__":
    sys.exit(main())
