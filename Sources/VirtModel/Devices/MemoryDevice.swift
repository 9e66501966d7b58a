internal import VirtCore
internal import VirtXML

/// Memory that can be plugged in.
enum MemoryDevice {
  /// Checks one and says its sizes in KiB.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let target = element.first("target") else { throw element.wrong(.xmlError, "<target> is missing") }
    guard target.first("size")?.hasText == true else { throw target.part("size", .xmlError, "<size> says how much there is", .xml) }
    if element.has("model", "nvdimm") || element.has("model", "virtio-pmem"), element.first("source")?.first("path") == nil {
      throw element.wrong(.xmlDetail, "<path> of its <source> is missing")
    }
    // Only what can grow and shrink has blocks of which some are asked for.
    let hasBlocks = element.has("model", "virtio-mem")
    let sizes = try target.replacingElements { (below) throws(VirtError) in
      let isSize = below.isNamed("size") || hasBlocks && (below.isNamed("block") || below.isNamed("requested"))
      return isSize ? try inKibibytes(below) : below
    }
    return sizes == target ? element : element.replacing("target", with: sizes)
  }

  private static func inKibibytes(_ size: XMLElement) throws(VirtError) -> XMLElement {
    XMLElement(size.name, [XMLAttribute("unit", "KiB")], [.text("\(try ScaledSize.kibibytes(size) ?? 0)")])
  }

  /// The size of one, in KiB.
  static func size(_ element: XMLElement) -> UInt64 {
    element.first("target")?.first("size").flatMap { UInt64($0.text) } ?? 0
  }
}
