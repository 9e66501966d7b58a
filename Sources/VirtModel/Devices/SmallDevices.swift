internal import VirtCore
internal import VirtXML

/// Keyboards, mice and the like.
enum Input {
  /// Checks one and fills in its bus.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let type = element["type"] else { throw element.wrong(.internalError, "a type is missing") }
    switch element["bus"] {
    case "ps2" where type == "tablet": throw element.wrong(.internalError, "there are no tablets on the bus 'ps2'")
    case "xen": throw element.wrong(.internalError, "only guests of Xen have the bus 'xen'")
    case nil:
      switch type {
      case "evdev": return element
      case "tablet": return element.setting("bus", "usb")
      case "passthrough": return element.setting("bus", "virtio")
      default: return element.setting("bus", "ps2")
      }
    default: return element
    }
  }
}

/// Trusted platform modules.
enum TrustedPlatformModule {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let backend = element.first("backend") else { throw element.wrong(.xmlError, "<backend> is missing") }
    guard element.count("backend") == 1 else { throw element.wrong(.xmlError, "there is one <backend>") }
    if backend.first("active_pcr_banks")?.isEmpty == false, !backend.has("version", "2.0") {
      throw backend.wrong(.xmlError, "<active_pcr_banks> needs the version 2.0")
    }
    if let secret = backend.has("type", "emulator") ? backend.first("encryption")?.nonempty("secret") : nil, UUID(secret) == nil {
      throw backend.wrong(.internalError, "'secret' of <encryption> is no UUID: '\(secret)'")
    }
    if backend.has("type", "external"), let source = backend.first("source"), source.has("mode", "bind") {
      throw source.wrong(.xmlError, "its 'mode' is 'connect'")
    }
    guard backend.has("type", "passthrough"), backend.first("device")?["path"] == nil else { return element }
    let device = XMLElement("device", [XMLAttribute("path", "/dev/tpm0")])
    return element.replacing("backend", with: backend.replacing("device", with: device))
  }
}

/// Sources of random numbers.
enum RandomNumbers {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element["model"] != nil else { throw element.wrong(.xmlError, "a model is missing") }
    let backends = element.all("backend")
    guard let backend = backends.first, backends.count == 1 else { throw element.wrong(.xmlError, "there is one <backend>") }
    var complete = element
    if let rate = element.first("rate") {
      if let bytes = rate["bytes"] {
        guard UInt32(bytes) != nil else { throw rate.wrong(.xmlError, "this is no number of bytes: '\(bytes)'") }
      } else {
        complete = complete.without("rate")
      }
    }
    if backend.has("model", "random"), backend.isEmpty {
      return complete.replacing("backend", with: backend.with(content: [.text("/dev/random")]))
    }
    if backend.has("model", "egd") {
      _ = try CharacterDevice.completeSource(backend)
    }
    return complete
  }
}

/// Filters of what is redirected.
enum RedirectionFilter {
  /// Checks the versions of devices.
  static func check(_ element: XMLElement) throws(VirtError) {
    for device in element.all("usbdev") {
      guard let version = device["version"], version != "-1" else { continue }
      let parts = version.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ UInt8($0) != nil && $0.utf8.count <= 2 }) else {
        throw device.wrong(.xmlError, "this is no version: '\(version)'")
      }
    }
  }
}

/// Memory that guests share.
enum SharedMemory {
  /// Checks it and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let name = element["name"] else { throw element.wrong(.xmlError, "a name is missing") }
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      throw element.wrong(.configUnsupported, "a name has no slash: '\(name)'")
    }
    var complete = element
    if let size = element.first("size"), let number = UInt64(size.text) {
      let bytes = try ScaledSize.bytes(number, of: size)
      let said = XMLElement("size", [XMLAttribute("unit", "M")], [.text("\(bytes >> 20)")])
      if said != size { complete = complete.replacing("size", with: said) }
    }
    guard complete.first("model")?["type"] == nil else { return complete }
    return complete.without("model").prepending(XMLElement("model", [XMLAttribute("type", "ivshmem")]))
  }
}

/// What guests and hosts talk over.
enum VirtualSocket {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let address = element.first("cid") else {
      return element.prepending(XMLElement("cid", [XMLAttribute("auto", "yes")]))
    }
    if let number = address["address"].flatMap({ UInt32($0) }), number < 3 {
      throw address.wrong(.configUnsupported, "the first address of guests is 3, not \(number)")
    }
    return element
  }
}

/// Balloons that take memory from guests.
extension Balloon {
  /// Leaves out what says nothing.
  static func complete(_ element: XMLElement) -> XMLElement {
    guard let stats = element.first("stats"), stats.has("period", "0") else { return element }
    return element.without("stats")
  }
}

/// Units that translate addresses of devices.
enum AddressTranslation {
  /// Checks one and leaves out what says nothing.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let driver = element.first("driver") else { return element }
    guard driver.saysSomething else { return element.without("driver") }
    if element.has("model", "virtio") || element.has("model", "smmuv3") {
      throw element.wrong(.xmlError, "this model has no <driver>")
    }
    guard !driver.has("eim", "on") || driver.has("intremap", "on") else {
      throw driver.wrong(.configUnsupported, "'eim' needs 'intremap'")
    }
    return element
  }
}

extension XMLElement {
  /// The same element with another one in front of those in it.
  func prepending(_ element: XMLElement) -> XMLElement { with(content: [.element(element)] + content) }
}
