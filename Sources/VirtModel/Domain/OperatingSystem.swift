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
    for below in element.map({ Array($0.elements) }) ?? [] {
      switch below.name {
      case "type": break
      case "boot":
        let device = below["dev"] ?? ""
        guard bootDevices.contains(device) else {
          throw below.noSuchValue("dev", device)
        }
        boot.append(device)
      case "loader" where below["type"] == nil && !below.isEmpty: others.append(below.setting("type", "rom"))
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
    if element?["firmware"] == nil, let loader = system.before.first(where: { $0.isNamed("loader") }), loader.text.isEmpty {
      throw loader.wrong(.xmlDetail, "without a path it needs a 'firmware' of <os> that chooses one", .domain)
    }
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
