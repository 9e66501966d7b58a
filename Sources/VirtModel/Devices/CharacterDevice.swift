internal import VirtCore
internal import VirtXML

/// Serial and parallel lines, consoles, channels, and what else is a stream of characters.
enum CharacterDevice {
  /// The types of streams.
  static let types: Set<String> = [
    "null", "vc", "pty", "dev", "file", "pipe", "stdio", "udp", "tcp", "unix", "spicevmc", "spiceport", "nmdm", "qemu-vdagent",
    "dbus",
  ]

  /// Fills in what brings a device from afar, over a stream.
  static func completeRedirection(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let complete = try completeSource(element.defaulting("bus", "usb", inFront: true))
    return complete.first("source")?.saysSomething == false ? complete.without("source") : complete
  }

  /// What stands between the host and the stream: checks it, and fills in what the document leaves out.
  ///
  /// - Parameter hasLabels: Whether labels of the source matter.
  static func completeSource(_ element: XMLElement, hasLabels: Bool = false) throws(VirtError) -> XMLElement {
    let source = element.first("source")
    let type = element["type"] ?? "pty"
    guard element.count("source") <= (type == "udp" ? 2 : 1) else { throw element.wrong(.xmlError, "there is one <source>") }
    guard element.count("protocol") <= 1 else { throw element.wrong(.xmlError, "there is one <protocol>") }
    if hasLabels { try SourceLabels.check(source) }
    guard element.count("log") <= 1 else { throw element.wrong(.xmlError, "there is one <log>") }
    switch type {
    case "pty":
      // The host chooses the path when the guest starts.
      let plain = element["tty"] == nil ? element : element.setting("tty", nil)
      guard let source, source["path"] != nil else { return plain }
      let rest = source.setting("path", nil)
      return rest.saysSomething ? plain.replacing("source", with: rest) : plain.without("source")
    case "file", "dev", "pipe":
      guard source?["path"] != nil else { throw missing("path", element) }
    case "unix":
      // A channel's path may be left to the host.
      guard source?["path"] == nil else { break }
      guard element.isNamed("channel"), element.first("target")?.has("type", "guestfwd") != true else {
        throw missing("path", element)
      }
      return element.without("source")
    case "tcp":
      guard source?["host"] != nil else { throw missing("host", element) }
      guard source?["service"] != nil else { throw missing("service", element) }
      if element.first("protocol") == nil {
        return element.appending(XMLElement("protocol", [XMLAttribute("type", "raw")]))
      }
    case "udp":
      guard element.all("source").contains(where: { !$0.has("mode", "bind") && $0["service"] != nil }) else {
        throw missing("service", element)
      }
    case "nmdm":
      guard let source else { break }
      guard source["master"] != nil, source["slave"] != nil else { throw missing("master", element) }
    case "spiceport", "dbus":
      guard let source, let channel = source["channel"] else { throw missing("channel", element, .configUnsupported) }
      guard channel.utf8.allSatisfy(isChannelLetter) else {
        throw source.wrong(.invalidArg, "'channel' has letters, digits, points, hyphens and underscores: '\(channel)'")
      }
    case "spicevmc":
      if element.isNamed("serial") || element.isNamed("parallel") || element.isNamed("console") {
        throw element.wrong(.configUnsupported, "only channels are those of SPICE")
      }
    default: break
    }
    return element
  }

  private static func isChannelLetter(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x2e || byte == 0x5f
  }

  private static func missing(_ name: String, _ element: XMLElement, _ code: ErrorCode = .internalError) -> VirtError {
    element.part("source", code, "'\(name)' of <source> is missing", .domain)
  }

  /// Fills in a serial or parallel line.
  ///
  /// - Parameter port: The port of one that says none.
  static func completeLine(_ element: XMLElement, port: Int) throws(VirtError) -> XMLElement {
    let complete = try completeSource(element.defaulting("type", "pty", inFront: true), hasLabels: true)
    guard let target = complete.first("target") else {
      return complete.appending(XMLElement("target", [XMLAttribute("port", "\(port)")]))
    }
    return target["port"] == nil ? complete.replacing("target", with: target.setting("port", "\(port)")) : complete
  }

  /// Fills in a console. Its port is its place among the consoles.
  static func completeConsole(_ element: XMLElement, number: Int) throws(VirtError) -> XMLElement {
    let complete = try completeSource(element.defaulting("type", "pty", inFront: true), hasLabels: true)
    let target = (complete.first("target") ?? XMLElement("target")).defaulting("type", "serial", inFront: true)
    return complete.replacing("target", with: target.saying("port", "\(number)"))
  }

  /// Fills in a channel.
  static func completeChannel(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let complete = try completeSource(element.defaulting("type", "pty", inFront: true), hasLabels: true)
    guard let target = complete.first("target") else { throw element.wrong(.xmlError, "<target> is missing") }
    switch target["type"] {
    case nil: throw target.wrong(.configUnsupported, "a type is missing")
    case "guestfwd":
      guard let address = target["address"] else { throw target.wrong(.xmlError, "'address' is missing") }
      guard IPAddress(address) != nil else { throw target.wrong(.systemError, "this is no address: '\(address)'", .none) }
      return complete
    case "virtio":
      // The guest decides.
      guard target["state"] != nil else { return complete }
      return complete.replacing("target", with: target.setting("state", nil))
    default: return complete
    }
  }

  /// Whether a serial line is one that the first console shows.
  static func isShown(_ serial: XMLElement) -> Bool {
    guard let type = serial.first("target")?["type"] else { return true }
    return type == "isa-serial"
  }

  /// Whether a console says no more than a serial line, and the same.
  static func isPlainTwin(_ console: XMLElement, of line: XMLElement) -> Bool {
    guard console["type"] == line["type"], console.first("target")?["port"] == line.first("target")?["port"] else { return false }
    return [console, line].allSatisfy { one in
      one.attributeCount == 1 && one.elements.allSatisfy { $0.isNamed("target") }
    }
  }

  /// What a console says that shows the serial line of a port.
  static func serialTarget(_ port: String) -> XMLElement {
    XMLElement("target", [XMLAttribute("type", "serial"), XMLAttribute("port", port)])
  }

  /// The same stream seen as another device.
  static func seen(_ element: XMLElement, as name: String, target: XMLElement) -> XMLElement {
    let kept = element.filtered { part in
      (["source", "protocol", "log", "alias", "acpi", "address"] as [StaticString]).contains { part.isNamed($0) }
    }
    return DeviceKind.console.arranged(kept.renamed(name).appending(target))
  }
}

/// Readers of smart cards.
enum SmartCard {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    switch element["mode"] {
    case "host-certificates":
      let count = element.all("certificate").count
      guard count == 3 else { throw element.wrong(.xmlError, "there are three certificates, not \(count)") }
      if let folder = element.nonemptyText("database"), !folder.utf8.starts(with: "/".utf8) {
        throw element.part("database", .xmlError, "a path begins with a slash: '\(folder)'", .domain)
      }
      return element
    case "passthrough":
      guard element["type"] != nil else { throw element.wrong(.xmlError, "'type' is missing") }
      return try CharacterDevice.completeSource(element)
    default: return element
    }
  }
}
