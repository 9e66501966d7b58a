internal import VirtXML

/// Remote displays.
enum Graphics {
  /// Fills in what the document leaves out.
  static func complete(_ element: XMLElement) -> XMLElement {
    var complete = element
    let type = element["type"]
    if type == "vnc" {
      if element["port"] == nil { complete = complete.setting("port", "-1") }
      if element["autoport"] == nil, complete["port"] == "-1" { complete = complete.setting("autoport", "yes") }
    }
    guard element.first("listen") == nil, type == "vnc" || type == "spice" || type == "rdp" else { return complete }
    let idle =
      type == "spice" && element["port"] == nil && element["tlsPort"] == nil && element["autoport"] != "yes"
      && element["listen"] == nil
    var listen = XMLElement("listen", [XMLAttribute("type", idle ? "none" : "address")])
    if let address = element["listen"] { listen = listen.setting("address", address) }
    return complete.appending(listen)
  }
}

/// What the guest draws on.
enum Video {
  /// Fills in what the document leaves out. The first one is the primary.
  static func complete(_ element: XMLElement, number: Int, _ context: ModelContext) -> XMLElement {
    var model = element.first("model") ?? XMLElement("model")
    if model["type"] == nil { model = model.setting("type", context.videoModel, inFront: true) }
    if model["type"] != "none" {
      if model["vram"] == nil { model = model.setting("vram", "16384") }
      if model["heads"] == nil { model = model.setting("heads", "1") }
      if number == 0, model["primary"] == nil { model = model.setting("primary", "yes") }
    }
    return element.replacing("model", with: model)
  }
}
