internal import VirtCore
internal import VirtXML

/// The bridge that carries a network, or that it uses.
enum NetworkBridge {
  /// Checks and completes the bridge of a network with that mode of forwarding (nil for none); nil when it has none.
  static func complete(_ element: XMLElement?, mode: String?, _ network: String) throws(VirtError) -> XMLElement? {
    let given = element ?? XMLElement("bridge")
    let name = given["name"].flatMap { $0.isEmpty ? nil : $0 }
    let zone = given["zone"].flatMap { $0.isEmpty ? nil : $0 }
    var delay: UInt64?
    if let text = given["delay"] {
      guard let number = UInt64(text) else { throw VirtError(.xmlError, .network, "the bridge's 'delay' is no number:", text) }
      delay = number
    }
    let manager = given["macTableManager"]
    if let manager, manager != "kernel", manager != "libvirt" {
      throw VirtError(.xmlError, .network, "the bridge's 'macTableManager' has no such value:", manager)
    }
    var complete = given.setting("name", name).setting("zone", zone)
    switch mode {
    case nil, "nat", "route", "open":
      complete = complete.setting("stp", given.has("stp", "off") ? "off" : "on").setting("delay", String(delay ?? 0))
      return DocumentGrammar.networkDocument["bridge"].arranged(complete)
    case let mode?:
      if name != nil, mode != "bridge" { throw refusal("name", mode, network) }
      if zone != nil || given["stp"] != nil || delay != nil { throw refusal("stp, delay or zone", mode, network) }
      if manager != nil, mode != "bridge" { throw refusal("macTableManager", mode, network) }
      return complete.attributeCount == 0 && complete.isEmpty ? nil : DocumentGrammar.networkDocument["bridge"].arranged(complete)
    }
  }

  private static func refusal(_ what: StaticString, _ mode: String, _ network: String) -> VirtError {
    VirtError(.xmlError, .network, "", "the bridge of network '\(network)' can have no \(what) with forward mode '\(mode)'")
  }
}
