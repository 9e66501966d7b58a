internal import VirtCore
internal import VirtXML

/// The bridge that carries a network, or that it uses.
enum NetworkBridge {
  /// Checks and completes the bridge of a network with that mode of forwarding (nil for none); nil when it has none.
  static func complete(_ element: XMLElement?, mode: String?) throws(VirtError) -> XMLElement? {
    let given = element ?? XMLElement("bridge")
    let name = given["name"].flatMap { $0.isEmpty ? nil : $0 }
    let zone = given["zone"].flatMap { $0.isEmpty ? nil : $0 }
    var delay: UInt64?
    if let text = given["delay"] {
      guard let number = UInt64(number: text) else { throw given.noSuchValue("delay", text, .xmlError, .network) }
      delay = number
    }
    let manager = given["macTableManager"]
    if let manager, manager != "kernel", manager != "libvirt" {
      throw given.noSuchValue("macTableManager", manager, .xmlError, .network)
    }
    var complete = given.setting("name", name).setting("zone", zone)
    switch mode {
    case nil, "nat", "route", "open":
      complete = complete.setting("stp", given.has("stp", "off") ? "off" : "on").setting("delay", String(delay ?? 0))
      return DocumentGrammar.networkDocument["bridge"].arranged(complete)
    case let mode?:
      func refusal(_ what: StaticString) -> VirtError {
        given.wrong(.xmlError, "a network with the forward mode '\(mode)' has no \(what) here", .network)
      }
      if name != nil, mode != "bridge" { throw refusal("'name'") }
      if zone != nil || given["stp"] != nil || delay != nil { throw refusal("'stp', 'delay' or 'zone'") }
      if manager != nil, mode != "bridge" { throw refusal("'macTableManager'") }
      return complete.attributeCount == 0 && complete.isEmpty ? nil : DocumentGrammar.networkDocument["bridge"].arranged(complete)
    }
  }
}
