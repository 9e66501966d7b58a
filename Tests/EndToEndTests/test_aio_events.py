"""Streams of events of libvirt.aio, on our library and on Debian's."""
import pytest


def test_events(aio):
    lines = aio("""
async with libvirt.aio.open("test:///default") as connection:
    domain = await connection.lookupByName("test")
    xml = (await domain.XMLDesc()).replace("<name>test<", "<name>other<").replace(domain.UUIDString(), "11111111-2222-3333-4444-555555555555")
    other = await connection.defineXML(xml)
    async with connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, domain=other) as only, connection.events() as all:
        await domain.suspend()
        await other.create()
        await domain.resume()
        event = await only.__anext__()
        print(event.kind == libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, event.domain.name(), event.event == libvirt.VIR_DOMAIN_EVENT_STARTED, event.detail)
        print(event.domain.connect() is connection, isinstance(event, libvirt.aio.DomainLifecycleEvent), "domain=" in repr(event))
        print([(one.domain.name(), one.event) for one in [await all.__anext__() for _ in range(3)]])
        print(only.dropped, all.dropped)
    for wrong in (dict(family="nothing"), dict(limit=0), dict(nothing=1), dict(family="network", domain=domain), dict(domain=1, secret=2)):
        try: connection.events(**wrong)
        except (TypeError, ValueError) as error: print(type(error).__name__)
    for wrong in (lambda: connection.events(99), lambda: connection.events("x"), lambda: connection.events(domain=5).__aenter__()):
        try: await wrong()
        except (TypeError, ValueError) as error: print(type(error).__name__)
print("DomainLifecycleEvent" in dir(libvirt.aio), libvirt.aio.NetworkLifecycleEvent._fields, hasattr(libvirt.aio, "NoEvent"))
print(libvirt.aio.DomainTrayChangeEvent.__doc__)
""")
    assert lines == [
        "True other True 0", "True True True", "[('test', 3), ('other', 2), ('test', 4)]", "0 0",
        "ValueError", "ValueError", "TypeError", "TypeError", "TypeError", "ValueError", "ValueError", "TypeError",
        "True ('kind', 'network', 'event', 'detail') False", "When a tray was opened or closed. The kind is VIR_DOMAIN_EVENT_ID_TRAY_CHANGE."]


def test_events_of_another_family(run_aio, reference):
    """On the reference's library, whose test driver has networks."""
    assert run_aio(reference, """
async with libvirt.aio.open("test:///default") as connection:
    network = await connection.networkLookupByName("default")
    async with connection.events(family="network") as events, connection.events(network=network, limit=2) as same:
        await network.destroy()
        await network.create()
        await network.destroy()
        async for event in events:
            print(type(event).__name__, event.network.name(), event.event)
            if event.event == libvirt.VIR_NETWORK_EVENT_STARTED: break
        await until(lambda: same.dropped)
        kind, subject, *rest = await same.__anext__()
        print(kind == libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, subject.name(), rest)
""") == ["NetworkLifecycleEvent default 3", "NetworkLifecycleEvent default 2", "True default [2, 0]"]


def test_events_that_nobody_fetches(aio):
    """The oldest are dropped and counted, so that memory stays bounded."""
    assert aio("""
async with libvirt.aio.open("test:///default") as connection:
    domain = await connection.lookupByName("test")
    async with connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, limit=5) as few, connection.events(limit=1000) as many:
        for _ in range(20):
            await domain.suspend()
            await domain.resume()
        async for event in many:
            number = locals().get("number", 0) + 1
            if number == 40: break
        print(few.dropped, len(few._inbox.items), many.dropped)
        print([(await few.__anext__()).event for _ in range(5)])
""") == ["35 5 0", "[4, 3, 4, 3, 4]"]


def test_events_end(aio):
    """When the connection is closed, after what came before; when the stream is; and when nobody has it any more."""
    assert aio("""
connection = await libvirt.aio.open("test:///default")
domain = await connection.lookupByName("test")
stream = await connection.events().__aenter__()
async def listen(): return [event.event async for event in connection.events()]
listening = asyncio.create_task(listen())
left = await connection.events().__aenter__()
await until(lambda: len(connection._streams) == 3 and all(one._inbox and connection._registry._all for one in connection._streams))
registered = len(connection._registry._all)
async for event in (await domain.suspend(), left)[1]: break
inbox = weakref.ref(left._inbox)
del left
await until(lambda: inbox() is None)
await until(lambda: stream._inbox.items)
print(registered == len(connection._registry._all) > 20)
async with connection.events(family="network") as closed: pass
print([event async for event in closed], registered == len(connection._registry._all))
await connection.close()
print(await listening, [event.event async for event in stream], [event async for event in stream], connection._registry._all)
""") == ["True", "[] True", "[3] [3] [] {}"]


@pytest.mark.parametrize("own", [
    "import libvirtaio\nlibvirtaio.virEventRegisterAsyncIOImpl(asyncio.get_running_loop())",
    "libvirt.virEventRegisterDefaultImpl()\ndef turn():\n    while True: libvirt.virEventRunDefaultImpl()\nthreading.Thread(target=turn, daemon=True).start()",
])
def test_events_with_a_loop_of_the_programs_own(aio, own):
    assert aio(own + """
async with libvirt.aio.open("test:///default") as connection, connection.events() as events:
    domain = await connection.lookupByName("test")
    await domain.suspend()
    print((await asyncio.wait_for(events.__anext__(), 30)).event, libvirt.aio._connection._library._is_running)
""") == ["3 False"]


def test_events_from_many_threads(slow):
    assert slow("""
connections = [await libvirt.aio.open("sample:///?ticks=1&threads=4") for _ in range(4)]
async def listen(connection):
    seen = 0
    async for event in connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE):
        seen += 1
        if seen == 300: return seen
print(await asyncio.gather(*map(listen, connections)))
for connection in connections: await connection.close()
""") == ["[300, 300, 300, 300]"]
