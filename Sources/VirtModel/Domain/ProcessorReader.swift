internal import VirtCore
internal import VirtXML

/// The processors that a guest sees: the element `cpu`.
enum ProcessorReader {
  /// Checks the element and fills in what it leaves out; nil when it says nothing.
  ///
  /// - Parameter processors: How many processors the guest has at most.
  static func complete(_ element: XMLElement, processors: UInt32) throws(VirtError) -> XMLElement? {
    guard element.saysSomething else { return nil }
    var complete = try element.without("arch").changingFirst("numa") { (nodes) throws(VirtError) in
      try GuestCells.complete(nodes, processors: processors)
    }
    if let model = element.first("model"), let vendor = model.nonempty("vendor_id"), !element.has("mode", "host-passthrough"),
      !element.has("mode", "maximum")
    {
      guard vendor.utf8.count == 12, !vendor.utf8.contains(UInt8(ascii: ",")) else {
        throw model.wrong(.xmlError, "'vendor_id' has 12 letters and no comma: '\(vendor)'", .cpu)
      }
    }
    let model = complete.first("model").flatMap { $0.isEmpty ? nil : $0 }
    if let model {
      if element["mode"] == nil { complete = complete.setting("mode", "custom", inFront: true) }
      if complete.has("mode", "custom") {
        if element["match"] == nil { complete = complete.setting("match", "exact") }
        if model["fallback"] == nil {
          complete = complete.replacing("model", with: model.setting("fallback", "allow", inFront: true))
        }
      }
    } else if complete.first("model") != nil {
      complete = complete.without("model")
    }
    try checkFeatures(complete, hasModel: model != nil)
    complete = try complete.changingFirst("topology") { topology in
      guard topology["dies"] == nil, let sockets = topology["sockets"] else { return topology }
      return topology.keepingOthers(behind: [XMLAttribute("sockets", sockets), XMLAttribute("dies", "1")])
    }
    return complete.saysSomething ? complete : nil
  }

  /// Refuses features and a vendor without a model, features without a name or with that of another, and what only some processors
  /// can be told.
  static func checkFeatures(_ element: XMLElement, hasModel: Bool) throws(VirtError) {
    if let cache = element.first("cache"), let level = cache["level"].flatMap({ UInt32($0) }), !(1...3).contains(level) {
      throw cache.wrong(.xmlError, "'level' is 1, 2 or 3, not \(level)", .cpu)
    }
    if !hasModel, element["mode"] == nil || element.has("mode", "custom") {
      if element.first("vendor") != nil { throw element.wrong(.xmlError, "a <vendor> needs a <model>", .cpu) }
      if element.first("feature") != nil { throw element.wrong(.xmlError, "a <feature> needs a <model>", .cpu) }
    }
    var seen: Set<String> = []
    for feature in element.elements where feature.isNamed("feature") {
      guard let name = feature["name"], !name.isEmpty else { throw feature.wrong(.xmlError, "a name is missing", .cpu) }
      guard seen.insert(name).inserted else { throw feature.wrong(.xmlError, "it is mentioned twice: '\(name)'", .cpu) }
    }
  }
}
