internal import VirtCore
internal import VirtXML

/// Remote displays.
enum Graphics {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    switch element["type"] {
    case "vnc": try vnc(element)
    case "spice": try listening(spice(element))
    case "rdp": try listening(rdp(element))
    case "desktop": element["fullscreen"] == "no" ? element.setting("fullscreen", nil) : element
    case "dbus": element["p2p"] == "no" ? element.setting("p2p", nil) : element
    default: element
    }
  }

  private static func vnc(_ element: XMLElement) throws(VirtError) -> XMLElement {
    if let port = element["port"], Int32(port) == nil {
      throw element.wrong(.internalError, "this is no port: '\(port)'")
    }
    var complete = element
    if let time = element["passwdValidTo"], !isTime(time) { complete = complete.setting("passwdValidTo", nil) }
    let listens = element.first("listen")
    let isSocket = element["socket"] != nil || listens?["type"] == "socket"
    if isSocket || listens?["type"] == "none" {
      if let path = element["socket"] ?? listens?["socket"] {
        complete = complete.saying("socket", path)
        if listens == nil {
          return complete.appending(XMLElement("listen", [XMLAttribute("type", "socket"), XMLAttribute("socket", path)]))
        }
      }
      return complete
    }
    if element["autoport"] == "yes" || element["port"] == "-1" || element["port"] == nil && element["autoport"] == nil {
      complete = complete.saying("port", "-1").saying("autoport", "yes")
    } else {
      complete = complete.saying("autoport", "no")
    }
    return try listening(complete)
  }

  private static func spice(_ element: XMLElement) -> XMLElement {
    let port = element["port"], secure = element["tlsPort"]
    if element["autoport"] == "yes" || (port == "-1" && secure == "-1") {
      return element.setting("port", nil).setting("tlsPort", nil).saying("autoport", "yes")
    }
    return port == nil && secure == nil ? element : element.saying("autoport", "no")
  }

  private static func rdp(_ element: XMLElement) -> XMLElement {
    if element["autoport"] == "yes" || element["port"] == nil || element["port"] == "0" {
      return element.saying("port", "0").saying("autoport", "yes")
    }
    return element["autoport"] == nil ? element : element.setting("autoport", nil)
  }

  /// Says in both places where a display listens: in its attribute and in its first element for that.
  private static func listening(_ element: XMLElement) throws(VirtError) -> XMLElement {
    let address = element["listen"]
    guard let listen = element.first("listen") else {
      let isIdle =
        element.has("type", "spice") && element["port"] == nil && element["tlsPort"] == nil && element["autoport"] != "yes"
        && address == nil
      let made = XMLElement("listen", [XMLAttribute("type", isIdle ? "none" : "address")])
      return element.appending(address.map { made.setting("address", $0) } ?? made)
    }
    if listen.has("type", "network"), listen["address"] != nil {
      // The network knows its address.
      return element.replacing("listen", with: listen.setting("address", nil))
    }
    guard listen.has("type", "address") else { return element }
    if let address, let own = listen["address"], own != address {
      throw element.wrong(.configUnsupported, "it listens at '\(address)' or at '\(own)'")
    }
    if let address {
      return listen["address"] == nil ? element.replacing("listen", with: listen.setting("address", address)) : element
    }
    return listen["address"].map { element.setting("listen", $0) } ?? element
  }

  /// Whether a text is a time as in `2030-12-31T23:59:59`.
  private static func isTime(_ text: String) -> Bool {
    let form = "dddd-dd-ddTdd:dd:dd".utf8
    return text.utf8.count == form.count
      && zip(text.utf8, form).allSatisfy { $1 == UInt8(ascii: "d") ? (0x30...0x39).contains($0) : $0 == $1 }
  }
}

/// What the guest draws on.
enum Video {
  /// Checks one and fills in what the document leaves out.
  static func complete(_ element: XMLElement, _ context: ModelContext) throws(VirtError) -> XMLElement {
    let present = element.first("model")
    var model = present ?? XMLElement("model")
    if model["type"] == nil { model = model.setting("type", context.videoModel, inFront: true) }
    guard let type = model["type"], type != "none" else { return element.replacing("model", with: model) }
    if let heads = model.nonempty("heads"), UInt32(number: heads) == nil {
      throw model.wrong(.internalError, "this is no number: '\(heads)'")
    }
    for name in ["ram", "vram", "vram64", "vgamem"] as [StaticString] {
      guard let size = model.nonempty(name) else { continue }
      guard UInt32(number: size) != nil else { throw model.wrong(.xmlError, "this is no size: '\(size)'") }
      if type != "qxl", name.utf8CodeUnitCount != 4 { throw model.wrong(.configUnsupported, "only 'qxl' has '\(name)'") }
    }
    if type == "qxl" { model = model.defaulting("ram", "65536") }
    if model["vram64"] == "0" { model = model.setting("vram64", nil) }
    if let size = memory(type) { model = model.defaulting("vram", size) }
    if let acceleration = model.first("acceleration") {
      guard ["accel2d", "accel3d", "rendernode"].contains(where: { acceleration[$0] != nil }) else {
        throw acceleration.wrong(.configUnsupported, "it does not say what is accelerated")
      }
      guard acceleration["rendernode"] == nil || element.first("driver")?["name"] == "vhostuser" else {
        throw acceleration.wrong(.configUnsupported, "only 'vhostuser' has a 'rendernode'")
      }
    }
    model = model.defaulting("heads", "1")
    return model == present ? element : element.replacing("model", with: model)
  }

  /// What a model has that says nothing, in KiB; nil for none.
  private static func memory(_ type: String) -> String? {
    switch type {
    case "vga", "cirrus", "vmvga", "bochs": "16384"
    case "xen": "4096"
    case "qxl": "65536"
    default: nil
    }
  }

  /// Puts the primary one in front; the first one is it where none is said to be.
  static func arrange(_ videos: [Device]) throws(VirtError) -> [Device] {
    guard let first = videos.first else { return [] }
    if videos.count > 1, let none = videos.first(where: { $0.element.first("model")?["type"] == "none" }) {
      throw none.element.wrong(.configUnsupported, "without video there is no other one")
    }
    let primaries = videos.indices.filter { videos[$0].element.first("model")?["primary"] == "yes" }
    guard primaries.count < 2 else { throw first.element.wrong(.configUnsupported, "one of the devices is the primary one") }
    var videos = videos
    if let primary = primaries.first {
      videos.insert(videos.remove(at: primary), at: 0)
    } else if let model = first.element.first("model"), model["type"] != "none" {
      let said = first.element.replacing("model", with: model.setting("primary", "yes"))
      videos[0].element = DeviceKind.video.arranged(said)
    }
    return videos
  }
}
