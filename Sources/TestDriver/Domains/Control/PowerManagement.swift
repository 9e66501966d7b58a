internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// How guests sleep and wake, and what starts with the host.
  static var powerOperations: [Operation<TestDriver>] {
    [
      .domainPMSuspendForDuration { $0.sleep }, .domainPMWakeup { $0.wake },
      .domainGetAutostartOnce { $0.autostartOnce }, .domainSetAutostartOnce { $0.setAutostartOnce },
    ]
  }

  /// Has the guest go to sleep. One that sleeps on its disk powers off then.
  private func sleep(_ domain: Domain, _ target: UInt32, _ duration: UInt64, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainPMSuspendForDuration")
    guard duration == 0 else {
      throw VirtError(.argumentUnsupported, .test, "a guest sleeps until it is woken, not for a time:", "\(duration)")
    }
    guard target <= UInt32(bitPattern: NodeSuspendTarget.hybrid.rawValue) else {
      throw VirtError(.argumentUnsupported, .test, "a guest cannot sleep in the way with the number", "\(target)")
    }
    let toDisk = target == UInt32(bitPattern: NodeSuspendTarget.disk.rawValue)
    let object = try object(domain)
    try object.record.withLock { (record) throws(VirtError) in
      guard record.state == .running else { throw Impact.notRunning(record) }
      let rules = record.definition.values.hardware.setting("pm", in: .power)
      let rule = toDisk ? rules?.first("suspend-to-disk") : rules?.first("suspend-to-mem")
      guard rule?["enabled"] != "no" else {
        throw VirtError(.operationUnsupported, .test, "the guest is not to sleep in that way:", record.definition.name)
      }
    }
    let world = world
    guard toDisk else {
      try act(object, .fallAsleep)
      if world.events.wantsDomainPmsuspend { world.events.domainPmsuspend(world.identity(object), reason: 0) }
      return
    }
    try world.act(
      object, .fallAsleepOnDisk,
      betweenEvents: {
        if world.events.wantsDomainPmsuspendDisk { world.events.domainPmsuspendDisk(world.identity(object), reason: 0) }
      })
    domain.setID(object.record.withLock { $0.id })
  }

  private func wake(_ domain: Domain, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "domainPMWakeup")
    let object = try runningObject(domain)
    try act(object, .wakeUp)
    if world.events.wantsDomainPmwakeup { world.events.domainPmwakeup(world.identity(object), reason: 0) }
  }

  private func autostartOnce(_ domain: Domain) throws(VirtError) -> Int32 {
    try with(domain) { $0.startsOnceWithHost ? 1 : 0 }
  }

  private func setAutostartOnce(_ domain: Domain, _ starts: Int32) throws(VirtError) {
    try with(domain) { (record) throws(VirtError) in
      guard record.isPersistent else {
        throw VirtError(.operationInvalid, .test, "a transient domain does not start with the host:", record.definition.name)
      }
      record.startsOnceWithHost = starts != 0
    }
  }
}
