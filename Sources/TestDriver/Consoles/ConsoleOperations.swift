internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel

extension TestDriver {
  /// What the driver shows of guests.
  static var consoleOperations: [Operation<TestDriver>] {
    [.domainScreenshot { $0.screenshot }, .domainOpenConsole { $0.openConsole }, .domainOpenChannel { $0.openChannel }]
  }

  private func screenshot(
    _ domain: Domain, _ stream: VirtDriverKit.Stream, _ screen: UInt32, _ flags: UInt32
  ) throws(VirtError) -> String {
    try acceptNone(flags, in: "domainScreenshot")
    try check(stream, fits: domain, of: .domain, in: "virDomainScreenshot")
    _ = try object(domain)
    try ContentsStream.give(Picture.screen.file, to: stream)
    return "image/png"
  }

  /// A domain answers on the device of that name; without a name on the first one, and on a console also where it has none.
  private func openConsole(
    _ domain: Domain, _ name: BorrowedText?, _ stream: VirtDriverKit.Stream, _ flags: DomainConsoleFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainOpenConsole")
    try check(stream, fits: domain, of: .domain, in: "virDomainOpenConsole")
    try open(domain, [.console, .serial, .parallel], name, isNeeded: name != nil, stream, force: flags.contains(.force))
  }

  private func openChannel(
    _ domain: Domain, _ name: BorrowedText?, _ stream: VirtDriverKit.Stream, _ flags: DomainChannelFlags
  ) throws(VirtError) {
    try accept(flags, only: .known, in: "domainOpenChannel")
    try check(stream, fits: domain, of: .domain, in: "virDomainOpenChannel")
    try open(domain, [.channel], name, isNeeded: true, stream, force: flags.contains(.force))
  }

  private func open(
    _ domain: Domain, _ kinds: [DeviceKind], _ name: BorrowedText?, isNeeded: Bool, _ stream: VirtDriverKit.Stream, force: Bool
  ) throws(VirtError) {
    let object = try object(domain)
    let definition = try object.record.withLock { (record) throws(VirtError) in
      guard record.isActive else { throw Impact.notRunning(record) }
      return record.definition
    }
    let name = name?.string
    let devices = definition.values.hardware.devices
    let index = kinds.lazy.compactMap { kind -> Int? in
      let places = devices.indices.filter { devices[$0].kind == kind }
      guard let name else { return places.first }
      // Without an alias of its own, a device answers to the one that hypervisors give: its kind and number.
      let isMeant = { (number: Int, place: Int) in
        let device = devices[place]
        return (device.alias ?? "\(kind)\(number)") == name || device.element.first("target")?["name"] == name
      }
      return places.enumerated().first(where: isMeant)?.element
    }.first
    guard index != nil || !isNeeded else {
      throw VirtError(.internalError, .test, "the domain has no such device to talk to:", name ?? definition.name)
    }
    let echo = EchoStream(stream, to: object)
    try world.lines.take(Lines.Line(domain: object.uuid, device: index), by: echo, force: force)
    try stream.attach(echo)
    echo.announce()
  }
}
