internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

extension TestDriver {
  func ioThreads(
    _ domain: Domain, _ flags: DomainModificationImpact
  ) throws(VirtError) -> [UnsafeMutablePointer<virDomainIOThreadInfo>?] {
    let values = try reading(domain, flags, in: "domainGetIOThreadInfo") { $0 }
    let length = (Int(clamping: world.node.processors) + 7) / 8
    var answer: [UnsafeMutablePointer<virDomainIOThreadInfo>?] = []
    for thread in IOThreads(values.hardware).threads {
      let set =
        ThreadPin.ioThread(thread.id).processors(in: values.hardware) ?? values.processorSet
        ?? NumberSet(below: Int(clamping: min(values.processors, world.node.processors)))
      var info = virDomainIOThreadInfo()
      info.iothread_id = thread.id
      info.cpumap = try hostArray((0..<max(1, length)).map { $0 < set.bytes.count ? set.bytes[$0] : 0 })
      info.cpumaplen = Int32(clamping: max(1, length))
      answer.append(try hostStruct(info))
    }
    return answer
  }

  func addIOThread(_ domain: Domain, _ id: UInt32, _ flags: DomainModificationImpact) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainAddIOThread")
    guard id > 0 else { throw VirtError(.invalidArg, .test, "no I/O thread has the id 0") }
    try changing(domain, flags, in: "domainAddIOThread") { (present, _) throws(VirtError) in
      var threads = IOThreads(present.hardware)
      guard threads.index(id) == nil else {
        throw VirtError(.invalidArg, .domain, "", "'\(present.name)' has an I/O thread \(id)")
      }
      threads.add(id)
      return threads.applied(to: present.hardware)
    }
  }

  func removeIOThread(_ domain: Domain, _ id: UInt32, _ flags: DomainModificationImpact) throws(VirtError) {
    try changing(domain, flags, in: "domainDelIOThread") { (present, _) throws(VirtError) in
      var threads = IOThreads(present.hardware)
      guard threads.index(id) != nil else {
        throw VirtError(.invalidArg, .domain, "", "'\(present.name)' has no I/O thread \(id)")
      }
      let isUsed = present.hardware.devices.contains { $0.element.first("driver")?["iothread"] == "\(id)" }
      guard !isUsed else { throw VirtError(.invalidArg, .domain, "a device uses the I/O thread", "\(id)") }
      threads.remove(id)
      return threads.applied(to: ThreadPin.ioThread(id).keeping(to: nil, in: present.hardware))
    }
  }

  func pinIOThread(
    _ domain: Domain, _ id: UInt32, _ map: UnsafeRawBufferPointer, _ flags: DomainModificationImpact
  ) throws(VirtError) {
    let set = NumberSet(map, below: Int(clamping: world.node.processors))
    try changing(domain, flags, in: "domainPinIOThread") { (present, _) throws(VirtError) in
      try requireIOThread(id, present)
      guard !set.isEmpty else { throw VirtError(.invalidArg, .test, "the map has none of the host's processors") }
      return ThreadPin.ioThread(id).keeping(to: set, in: present.hardware)
    }
    try tellTuned(domain, flags, [TypedParameter("cputune.iothreadpin\(id)", .string(set.text))])
  }

  private func requireIOThread(_ id: UInt32, _ present: DomainValues) throws(VirtError) {
    guard IOThreads(present.hardware).index(id) != nil else {
      throw VirtError(.invalidArg, .test, "", "'\(present.name)' has no I/O thread \(id)")
    }
  }

  func tuneIOThread(
    _ domain: Domain, _ id: UInt32, _ parameters: [TypedParameter], _ flags: DomainModificationImpact
  ) throws(VirtError) {
    try accept(flags, only: [.live, .config], in: "domainSetIOThreadParams")
    guard id > 0 else { throw VirtError(.invalidArg, .test, "no I/O thread has the id 0") }
    try changing(domain, flags, in: "domainSetIOThreadParams") { (present, _) throws(VirtError) in
      try requireIOThread(id, present)
      let values = try ParameterValues(
        parameters,
        [
          ("poll_max_ns", .ullong), ("poll_grow", .uint), ("poll_shrink", .uint), ("poll_weight", .uint),
          ("thread_pool_min", .int), ("thread_pool_max", .int),
        ])
      var threads = IOThreads(present.hardware)
      threads.change(id) { thread in
        thread.polling(
          values.ullong("poll_max_ns"), values.uint("poll_grow"), values.uint("poll_shrink"), values.uint("poll_weight")
        ).pool(values.int("thread_pool_min"), values.int("thread_pool_max"))
      }
      if let contradiction = threads.contradiction(in: id) {
        throw VirtError(.configUnsupported, .test, "", "the I/O thread \(id): \(contradiction)")
      }
      return threads.applied(to: present.hardware)
    }
  }
}

extension XMLElement {
  /// An I/O thread that polls as said; what is nil stays.
  fileprivate func polling(_ most: UInt64?, _ grow: UInt32?, _ shrink: UInt32?, _ weight: UInt32?) -> XMLElement {
    guard most != nil || grow != nil || shrink != nil || weight != nil else { return self }
    var poll = first("poll") ?? XMLElement("poll")
    if let most { poll = poll.setting("max", "\(most)") }
    if let grow { poll = poll.setting("grow", "\(grow)") }
    if let shrink { poll = poll.setting("shrink", "\(shrink)") }
    if let weight { poll = poll.setting("weight", "\(weight)") }
    return replacing("poll", with: poll)
  }

  /// An I/O thread with so many helpers; what is nil stays, what is negative is not said.
  fileprivate func pool(_ least: Int32?, _ most: Int32?) -> XMLElement {
    var thread = self
    if let least { thread = thread.setting("thread_pool_min", least < 0 ? nil : "\(least)") }
    if let most { thread = thread.setting("thread_pool_max", most < 0 ? nil : "\(most)") }
    return thread
  }
}
