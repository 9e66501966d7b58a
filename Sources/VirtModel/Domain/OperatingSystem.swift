internal import VirtCore
internal import VirtXML

/// How a guest boots.
package struct OperatingSystem: Sendable, Equatable {
  /// What the guest sees: `hvm`, `xen`, `exe`…
  package var type: String
  /// Its architecture.
  package var architecture: String
  /// The board it sees.
  var machine: String?
  /// Devices to boot from, first to last.
  var boot: [String]
  /// What stands before and behind the boot devices.
  var before: [XMLElement]
  var behind: [XMLElement]
  /// Attributes of the element itself, such as `firmware`.
  var attributes: [XMLAttribute]

  private static let kinds = ["hvm", "xen", "linux", "exe", "uml", "xenpvh"]
  private static let bootDevices = ["fd", "cdrom", "hd", "network"]
  private static let firstBoot = ["hd"]

  /// Reads the `os` element.
  static func read(_ element: XMLElement?, of domain: XMLElement, context: ModelContext, hasBootLoader: Bool) throws(VirtError)
    -> OperatingSystem
  {
    guard let kind = element?.first("type"), kind.hasText else {
      if hasBootLoader { return OperatingSystem(type: "xen", context.architecture) }
      throw (element ?? domain).wrong(.xmlError, element == nil ? "<os> is missing" : "<type> is missing")
    }
    guard kinds.contains(kind.text) else {
      throw kind.wrong(.configUnsupported, "there is no such operating system: '\(kind.text)'")
    }
    var system = OperatingSystem(type: kind.text, kind["arch"] ?? context.architecture)
    system.machine = kind["machine"]
    system.attributes = element?.attributes ?? []
    var boot: [String] = []
    var others: [XMLElement] = []
    var firmware = Firmware(kind: element?["firmware"])
    for below in element.map({ Array($0.elements) }) ?? [] {
      switch below.name {
      case "type": break
      case "boot":
        let device = below["dev"] ?? ""
        guard bootDevices.contains(device) else {
          // What else is not a whole machine boots otherwise.
          guard system.type == "hvm" else { break }
          throw below.noSuchValue("dev", device)
        }
        boot.append(device)
      case "bootmenu", "bios":
        if system.type == "hvm" { try (below.isNamed("bios") ? DocumentGrammar.bios : DocumentGrammar.bootmenu).check(below) }
        others.append(below)
      case "loader":
        firmware.loader = firmware.loader ?? below
        others.append(below["type"] == nil && !below.isEmpty ? below.setting("type", "rom") : below)
      case "nvram":
        firmware.store = firmware.store ?? below
        others.append(below)
      case "firmware":
        firmware.features = below
        others.append(below)
      default: others.append(below)
      }
    }
    let order = DocumentGrammar.os, place = order.place("boot")
    others = order.arranged(others)
    system.before = others.filter { order.place($0) < place }
    system.behind = others.filter { order.place($0) > place }
    if system.type == "exe", !system.before.contains(where: { $0.isNamed("init") }) {
      throw (element ?? domain).wrong(.xmlError, "a container needs an <init>")
    }
    if let element, system.type != "exe", system.type != "linux" { try firmware.check(element, system.type) }
    if boot.isEmpty, system.type == "hvm", !hasBootLoader { boot = firstBoot }
    system.boot = boot
    return system
  }

  init(type: String, _ architecture: String) {
    self.type = type
    self.architecture = architecture
    boot = []
    before = []
    behind = []
    attributes = []
  }

  /// A full virtual machine that boots from its disk.
  static func plain(_ context: ModelContext) -> OperatingSystem {
    var system = OperatingSystem(type: "hvm", context.architecture)
    system.boot = firstBoot
    return system
  }

  /// Writes the `os` element.
  func write(to writer: inout XMLWriter, depth: Int) {
    writer.indent(depth)
    writer.write("<os")
    writer.write(attributes)
    writer.write(">\n")
    writer.indent(depth + 1)
    writer.write("<type arch='")
    writer.write(escaped: architecture)
    if let machine {
      writer.write("' machine='")
      writer.write(escaped: machine)
    }
    writer.write("'>")
    writer.write(escaped: type)
    writer.write("</type>\n")
    for element in before { writer.write(element, depth: depth + 1) }
    for device in boot {
      writer.indent(depth + 1)
      writer.write("<boot dev='")
      writer.write(escaped: device)
      writer.write("'/>\n")
    }
    for element in behind { writer.write(element, depth: depth + 1) }
    writer.indent(depth)
    writer.write("</os>\n")
  }
}

/// What a guest boots first, and what belongs to it.
private struct Firmware {
  /// Of which kind one is to be chosen; nil for none.
  let kind: String?
  var loader: XMLElement?
  /// Where it keeps its variables.
  var store: XMLElement?
  /// What it has to have.
  var features: XMLElement?

  /// Refuses a loader and its store of variables where they contradict each other, or the firmware that is to be chosen.
  func check(_ system: XMLElement, _ type: String) throws(VirtError) {
    guard let kind else {
      guard loader == nil && store == nil || loader?.hasText == true else {
        throw (loader ?? system).wrong(.xmlDetail, "without a path of a <loader>, 'firmware' of <os> chooses one")
      }
      return try checkState()
    }
    if type == "hvm", kind != "bios", kind != "efi" { throw system.noSuchValue("firmware", kind, .xmlError, .domain) }
    if let store, kind != "efi" { throw store.wrong(.xmlDetail, "firmware of the kind '\(kind)' stores no variables") }
    if let features, state("enrolled-keys", of: features) == "yes", state("secure-boot", of: features) == "no" {
      throw features.wrong(.xmlDetail, "enrolled keys are for secure boot")
    }
    try checkState()
  }

  private func state(_ name: StaticString, of features: XMLElement) -> String? {
    features.elements.first { $0.has("name", name) }?["enabled"]
  }

  private func checkState() throws(VirtError) {
    guard let loader, let isStateless = loader["stateless"] else { return }
    if isStateless == "no", !loader.has("type", "pflash"), kind == nil {
      throw loader.wrong(.xmlDetail, "only what is of the type 'pflash' has a state")
    }
    if isStateless == "yes", let store { throw store.wrong(.xmlDetail, "the loader has no state") }
  }
}
