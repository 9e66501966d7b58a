"""A program as people write it, with the types that a checker must find; every ignored line must be an error."""
from __future__ import annotations

import asyncio
import json
from typing import Any

from typing_extensions import assert_type

import libvirt
import libvirt.aio
import libvirt.enums
import libvirt.errors
import libvirt.ext
import libvirt.types
import libvirt_lxc
import libvirt_qemu
import libvirtaio
import libvirtmod


def connections() -> None:
    with libvirt.open("test:///default") as connection:
        assert_type(connection, libvirt.virConnect)
        assert_type(connection.getInfo(), list[Any])
        assert_type(connection.getHostname(), str)
        assert_type(connection.getCPUMap(), tuple[int, list[bool], int])
        assert_type(connection.getCellsFreeMemory(0, 1), list[int])
        assert_type(connection.getMemoryStats(0), dict[str, int])
        assert_type(connection.getFreePages([4], 0, 1), dict[int, dict[int, int]])
        assert_type(connection.listDomainsID(), list[int])
        assert_type(connection.listAllDomains(), list[libvirt.virDomain])
        assert_type(connection.listDefinedDomains(), list[str])
        assert_type(connection.getAllDomainStats(), list[tuple[libvirt.virDomain, dict[str, Any]]])
        assert_type(connection.getSecurityModel(), list[str])
        assert_type(connection.getMemoryParameters(), libvirt.types.NodeMemoryParameters)
        assert_type(connection.isAlive(), int)
        assert_type(libvirt.ext.supports(connection, libvirt.virDomain.migrate3), bool | None)
        libvirt.ext.supports("domainMigrate", connection)  # type: ignore[arg-type]
        assert_type(connection.virConnGetLastError(), tuple[int, int, str | None, int, str | None, str | None, str | None, int, int] | None)
        connection.setMemoryParameters({"shm_pages_to_scan": 5})
        connection.setMemoryParameters({"shm_pages_shared": 5})  # type: ignore[typeddict-unknown-key]
        connection.setIdentity({"user-name": "me", "process-id": 5})
        connection.allocPages({2048: 4}, 0)
        connection.lookupByName(5)  # type: ignore[arg-type]
        connection.lookupByName()  # type: ignore[call-arg]
        connection.lookupByNane("x")  # type: ignore[attr-defined]
        connection.lookupByUUID(bytearray(16))
        connection.lookupByUUID("text")  # type: ignore[arg-type]
        connection.createXML("<domain/>", flags="0")  # type: ignore[arg-type]
        connection.createXMLWithFiles("<domain/>", [0, open("/dev/null")])
    assert_type(connection.c_pointer(), int)
    assert_type(libvirt.open(), libvirt.virConnect)
    assert_type(libvirt.openReadOnly(None), libvirt.virConnect)

    def ask(questions: list[list[Any]], opaque: object) -> int:
        return len(questions) - len(questions)

    libvirt.openAuth("test:///default", [[libvirt.VIR_CRED_AUTHNAME], ask, None], 0)
    assert_type(libvirt.getVersion(), int)
    assert_type(libvirt.getVersion("Test"), tuple[int, int])
    assert_type(libvirt.virGetLastErrorMessage(), str)


def domains(domain: libvirt.virDomain) -> None:
    assert_type(domain.name(), str)
    assert_type(domain.connect(), libvirt.virConnect)
    assert_type(domain._conn, libvirt.virConnect)
    assert_type(domain.UUID(), bytes)
    assert_type(domain.UUIDString(), str)
    assert_type(domain.ID(), int)
    assert_type(domain.info(), list[int])
    assert_type(domain.state(), list[int])
    assert_type(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE), str)
    assert_type(domain.XMLDesc(libvirt.enums.DomainXMLFlags.INACTIVE | libvirt.enums.DomainXMLFlags.SECURE), str)
    assert_type(domain.memoryStats(), libvirt.types.DomainMemoryStat)
    assert_type(domain.memoryStats().get("actual"), int | None)
    domain.memoryStats()["aktual"]  # type: ignore[typeddict-item]
    assert_type(domain.vcpus(), tuple[list[tuple[int, int, int, int]], list[tuple[bool, ...]]])
    assert_type(domain.vcpuPinInfo(), list[tuple[bool, ...]])
    assert_type(domain.emulatorPinInfo(), tuple[bool, ...])
    assert_type(domain.schedulerType(), tuple[str, int])
    assert_type(domain.schedulerParameters(), libvirt.types.SchedulerParameters)
    assert_type(domain.schedulerParameters().get("cpu_shares"), int | None)
    assert_type(domain.blockInfo("vda"), list[int])
    assert_type(domain.blockStats("vda"), tuple[int, int, int, int, int])
    assert_type(domain.interfaceStats("vnet0"), tuple[int, int, int, int, int, int, int, int])
    assert_type(domain.blockJobInfo("vda").get("cur"), int | None)
    assert_type(domain.diskErrors(), dict[str, int])
    assert_type(domain.jobInfo(), list[int])
    assert_type(domain.jobStats().get("type"), int | None)
    assert_type(domain.jobStats().get("time_elapsed"), int | None)
    assert_type(domain.getTime()["seconds"], int)
    assert_type(domain.getCPUStats(True)[0].get("cpu_time"), int | None)
    assert_type(domain.guestInfo(), dict[str, Any])
    assert_type(domain.fsInfo(), list[tuple[str, str, str | None, list[str]]])
    assert_type(domain.ioThreadInfo(), list[tuple[int, list[bool]]])
    assert_type(domain.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None), str)
    assert_type(domain.memoryPeek(0, 8, libvirt.VIR_MEMORY_PHYSICAL), bytes)
    assert_type(domain.snapshotCreateXML("<domainsnapshot/>").getDomain(), libvirt.virDomain)
    assert_type(domain.listAllSnapshots(), list[libvirt.virDomainSnapshot])
    assert_type(domain.screenshot(libvirt.virStream(domain.connect(), _obj=capsule()), 0), str)
    for name, its in domain.interfaceAddresses(0).items():
        assert_type(its["hwaddr"], str | None)
        for address in its["addrs"] or []:
            assert_type(address["prefix"], int)
            print(name, address["addr"])
    domain.setTime({"seconds": 5})
    domain.setTime({"seconds": 5, "nseconds": 6})
    domain.setTime(domain.getTime())
    domain.setTime({"nseconds": 6})  # type: ignore[arg-type]
    domain.pinVcpu(0, [True, False])
    domain.pinVcpu(0, (True, False))
    domain.pinVcpu(0, 1)  # type: ignore[arg-type]
    domain.setMemoryParameters({libvirt.VIR_DOMAIN_MEMORY_HARD_LIMIT: 1})
    domain.setMemoryParameters({"soft_limit": 1, "hard_limt": 1})  # type: ignore[typeddict-unknown-key]
    domain.setMemoryParameters({"soft_limit": "1"})  # type: ignore[typeddict-item]
    domain.setMemoryParameters(domain.memoryParameters())
    parameters: libvirt.types.MigrateParameters = {"migrate_uri": "tcp://there", "migrate_disks": ["vda", "vdb"]}
    parameters[libvirt.VIR_MIGRATE_PARAM_BANDWIDTH] = 100
    parameters["bandwith"] = 100  # type: ignore[typeddict-unknown-key]
    assert_type(domain.migrate3(domain.connect(), parameters, libvirt.VIR_MIGRATE_LIVE), libvirt.virDomain)
    assert_type(domain.migrateToURI3("test:///other", parameters), int)
    domain.fsFreeze(["/"])
    domain.fsFreeze()
    assert_type(domain.create(), int)
    domain.createWithFlags(libvirt.enums.DomainCreateFlags.START_PAUSED)
    domain.shutdown(1)  # type: ignore[call-arg]
    libvirt.virDomain("x")  # type: ignore[call-arg, arg-type]
    assert_type(libvirt_qemu.qemuMonitorCommand(domain, "info", 0), str)
    assert_type(libvirt_qemu.qemuMonitorCommandWithFiles(domain, "{}"), tuple[str, list[int]])
    assert_type(libvirt_lxc.lxcOpenNamespace(domain, 0), list[int])
    assert_type(json.loads(libvirt_qemu.qemuAgentCommand(domain, "{}", 1, 0)), Any)


def objects(connection: libvirt.virConnect) -> None:
    network = connection.networkLookupByName("default")
    for lease in network.DHCPLeases():
        assert_type(lease["ipaddr"], str | None)
        assert_type(lease["expirytime"], int)
    assert_type(network.portLookupByUUID(b"x" * 16).network(), libvirt.virNetwork)
    volume = connection.storageVolLookupByPath("/there")
    assert_type(volume.info(), list[int])
    assert_type(volume.storagePoolLookupByVolume(), libvirt.virStoragePool)
    assert_type(libvirt.virStorageVol.streamBufSize + len(volume.name()), int)
    assert_type(connection.secretLookupByUUIDString("x").value(), bytes)
    assert_type(connection.nodeDeviceLookupByName("computer").parent(), str | None)
    assert_type(connection.nodeDeviceLookupByName("computer").listCaps(), list[str])
    connection.secretLookupByUUIDString("x").setValue(b"secret")
    connection.secretLookupByUUIDString("x").setValue("secret")  # type: ignore[arg-type]


def streams(connection: libvirt.virConnect) -> None:
    stream = connection.newStream()
    assert_type(stream, libvirt.virStream)
    data = stream.recv(1024)
    assert_type(data, bytes | int)
    data.decode()  # type: ignore[union-attr]
    assert_type(stream.send(b"x"), int)

    def take(stream: libvirt.virStream, data: bytes, file: list[bytes]) -> int:
        file.append(data)
        return len(data)

    def give(stream: libvirt.virStream, size: int, file: list[bytes]) -> bytes:
        return file.pop()[:size]

    def hole(stream: libvirt.virStream, length: int, file: list[bytes]) -> None:
        file.append(bytes(length))

    stream.recvAll(take, [])
    stream.recvAll(take, 5)  # type: ignore[arg-type]
    stream.sendAll(give, [b"x"])
    stream.sendAll(take, [b"x"])  # type: ignore[arg-type]
    stream.sparseRecvAll(take, hole, [])
    stream.sparseRecvAll(take, take, [])  # type: ignore[arg-type]
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, lambda stream, events, opaque: print(events + opaque), 5)


def events(connection: libvirt.virConnect, number: int) -> None:
    def lifecycle(connection: libvirt.virConnect, domain: libvirt.virDomain, event: int, detail: int, opaque: list[str]) -> None:
        opaque.append(domain.name())

    def reboot(connection: libvirt.virConnect, domain: libvirt.virDomain, opaque: object) -> None:
        print(domain.name())

    def job(connection: libvirt.virConnect, domain: libvirt.virDomain, job: libvirt.types.JobParameters, opaque: object) -> None:
        print(job.get("time_elapsed"))

    def any_event(connection: libvirt.virConnect, domain: libvirt.virDomain, *arguments: Any) -> None:
        print(arguments)

    def nothing(domain: libvirt.virDomain) -> None:
        print(domain)

    assert_type(connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, []), int)
    connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, reboot, None)
    connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, job, None)
    connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE, lambda c, d, actual, o: print(actual + o), 5)
    connection.domainEventRegisterAny(None, number, any_event, None)
    connection.domainEventRegisterAny(None, libvirt.enums.DomainEventID.LIFECYCLE, any_event, None)
    connection.domainEventRegisterAny(None, number, nothing, None)  # type: ignore[arg-type]
    connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, nothing, None)  # type: ignore[arg-type]
    connection.domainEventRegisterAny("x", number, lifecycle, [])  # type: ignore[call-overload]
    connection.domainEventRegister(lifecycle, [])
    connection.domainEventDeregister(lifecycle)
    connection.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, lambda c, n, event, detail, o: print(n.name(), event), None)
    connection.registerCloseCallback(lambda connection, reason, opaque: print(reason), None)

    def watched(watch: int, descriptor: int, events: int, opaque: str) -> None:
        print(opaque.upper())

    libvirt.virEventRegisterDefaultImpl()
    assert_type(libvirt.virEventAddHandle(0, libvirt.VIR_EVENT_HANDLE_READABLE, watched, "what"), int)
    libvirt.virEventAddHandle(0, libvirt.VIR_EVENT_HANDLE_READABLE, watched, 5)  # type: ignore[arg-type]
    libvirt.virEventAddTimeout(5, lambda timer, opaque: print(timer), None)
    libvirt.registerErrorHandler(lambda context, error: print(context, error), None)


def failures(connection: libvirt.virConnect) -> str | None:
    try:
        connection.lookupByName("none")
    except libvirt.errors.NoDomainError as error:
        assert_type(error.get_error_code(), int | None)
        assert_type(error.get_str1(), str | None)
        error.err = None
        return error.get_error_message()
    except libvirt.libvirtError as error:
        raise libvirt.libvirtError("of my own") from error
    libvirt.errors.NoSuchError  # type: ignore[attr-defined]
    return None


def numbers() -> None:
    state = libvirt.enums.DomainState.RUNNING
    same: int = state.value
    count: int = state
    text: str = libvirt.enums.DomainState(1).name
    assert_type(libvirt.enums.DomainXMLFlags.SECURE | libvirt.enums.DomainXMLFlags.INACTIVE, libvirt.enums.DomainXMLFlags)
    libvirt.enums.DomainState.WALKING  # type: ignore[attr-defined]
    libvirt.VIR_DOMAIN_RUNNING = 2  # type: ignore[misc]  # mypy only
    assert_type(libvirt.VIR_DOMAIN_RUNNING + count, int)
    assert_type(libvirt.VIR_UUID_BUFLEN + len(text) + same, int)
    libvirt.VIR_DOMAIN_NO_SUCH_STATE  # type: ignore[attr-defined]


def capsule() -> Any:
    raw = libvirtmod.virConnectOpen("test:///default")
    found = libvirtmod.virDomainLookupByName(raw, "test")
    assert_type(libvirtmod.virDomainGetName(found), str | None)
    libvirtmod.virDomainGetName("x")  # type: ignore[arg-type]
    return found


async def loop() -> None:
    implementation = libvirtaio.virEventRegisterAsyncIOImpl(asyncio.get_running_loop())
    assert_type(implementation, libvirtaio.virEventAsyncIOImpl)
    assert_type(libvirtaio.getCurrentImpl(), libvirtaio.virEventAsyncIOImpl | None)
    await implementation.drain()


async def waiting() -> None:
    async with libvirt.aio.open("test:///default", workers=2, timeout=1.5) as connection:
        assert_type(connection, libvirt.aio.virConnect)
        assert_type(connection.getURI(), str)
        assert_type(await connection.getHostname(), str)
        assert_type(await connection.listAllDomains(), list[libvirt.aio.virDomain])
        domain = await connection.lookupByName("test")
        assert_type(domain, libvirt.aio.virDomain)
        assert_type(domain.name(), str)
        assert_type(domain.connect(), libvirt.aio.virConnect)
        assert_type(await domain.state(), list[int])
        assert_type(await domain.schedulerParameters(), libvirt.types.SchedulerParameters)
        assert_type(await connection.getAllDomainStats(), list[tuple[libvirt.aio.virDomain, dict[str, Any]]])
        assert_type((await domain.snapshotCreateXML("<domainsnapshot/>")).getDomain(), libvirt.aio.virDomain)
        assert_type(await domain.migrate3(connection, {"bandwidth": 5}), libvirt.aio.virDomain)
        assert_type(await (await connection.storageVolLookupByPath("/there")).storagePoolLookupByVolume(), libvirt.aio.virStoragePool)
        assert_type(libvirt.aio.virStorageVol.streamBufSize + len(domain.name()), int)
        (await domain.state()).append(domain.state())  # type: ignore[arg-type]
        await domain.name()  # type: ignore[misc]
        await connection.lookupByName(5)  # type: ignore[arg-type]
        await connection.createXML("<domain/>", flags="0")  # type: ignore[arg-type]
        await libvirt.virDomain.create(domain)  # type: ignore[arg-type, misc]
        connection.timeout = None
        connection.timeout = "5"  # type: ignore[assignment]

        def first(connection: libvirt.virConnect) -> libvirt.virDomain:
            return connection.listAllDomains()[0]

        assert_type(await connection.run(first, connection), libvirt.aio.virDomain)
        assert_type(await connection.run(libvirt.virConnect.listAllNetworks, connection), list[libvirt.aio.virNetwork])
        assert_type(await connection.run(libvirt_qemu.qemuMonitorCommand, domain, "info", flags=0), str)

        stream = connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, domain=domain, limit=5)
        assert_type(stream, libvirt.aio.EventStream[libvirt.aio.DomainLifecycleEvent])
        assert_type(stream.dropped, int)
        async with stream as events:
            async for event in events:
                assert_type(event.domain, libvirt.aio.virDomain)
                assert_type(event.detail, int)
                event.reason  # type: ignore[attr-defined]
        async for metadata in connection.events(libvirt.VIR_NETWORK_EVENT_ID_METADATA_CHANGE, family="network"):
            assert_type(metadata.network, libvirt.aio.virNetwork)
            assert_type(metadata.nsuri, str | None)
        async for any_event in connection.events():
            assert_type(any_event.domain, libvirt.aio.virDomain)
            if isinstance(any_event, libvirt.aio.DomainJobCompletedEvent):
                assert_type(any_event.params, libvirt.types.JobParameters)
        async for one in connection.events(libvirt.VIR_SECRET_EVENT_ID_VALUE_CHANGED, libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE, secret=None):
            assert_type(one.secret, libvirt.aio.virSecret)
        connection.events(network=domain)  # type: ignore[call-overload]
        connection.events(family="networks")  # type: ignore[call-overload]
        connection.events("lifecycle")  # type: ignore[call-overload]
    read_only = await libvirt.aio.openReadOnly()
    assert_type(read_only, libvirt.aio.virConnect)
    assert_type(await read_only.close(), int)
    async with await libvirt.aio.openAuth(None, [[libvirt.VIR_CRED_AUTHNAME], lambda questions, opaque: 0, None]) as third:
        assert_type(third, libvirt.aio.virConnect)
    libvirt.aio.open(workers="2")  # type: ignore[arg-type]
    libvirt.aio.DomainWalkedEvent  # type: ignore[attr-defined]
