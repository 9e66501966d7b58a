internal import VirtCore
internal import VirtXML

/// Memory that can be plugged in.
enum MemoryDevice {
  /// Checks one and says its sizes in KiB.
  static func complete(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard let target = element.first("target") else { throw element.wrong(.xmlError, "<target> is missing") }
    guard target.first("size")?.hasText == true else { throw target.part("size", .xmlError, "<size> says how much there is", .xml) }
    let source = element.first("source")
    if element.has("model", "nvdimm") || element.has("model", "virtio-pmem"), source?.first("path")?.hasText != true {
      throw element.wrong(.xmlDetail, "<path> of its <source> is missing")
    }
    if let nodes = source?.nonemptyText("nodemask"), NumberSet(nodes) == nil {
      throw element.part("source", .invalidArg, "<nodemask> is no list of numbers: '\(nodes)'", .none)
    }
    if let pages = source?.first("pagesize") { _ = try ScaledSize.kibibytes(pages) }
    // Only what can grow and shrink has blocks of which some are asked for.
    let hasBlocks = element.has("model", "virtio-mem")
    let sizes = try target.replacingElements { (below) throws(VirtError) in
      let isSize = below.isNamed("size") || hasBlocks && (below.isNamed("block") || below.isNamed("requested"))
      return isSize ? try inKibibytes(below) : below
    }
    let complete = sizes == target ? element : element.replacing("target", with: sizes)
    if hasBlocks { try checkBlocks(sizes) }
    if element.has("model", "nvdimm"), let label = sizes.first("label")?.first("size") {
      let most = size(complete), size = try ScaledSize.kibibytes(label) ?? 0
      guard size >= 128 else { throw label.wrong(.xmlError, "a label has 128 KiB at least, not \(size)") }
      guard size < most else { throw label.wrong(.xmlError, "a label is smaller than its memory of \(most) KiB") }
    }
    return complete
  }

  /// Refuses blocks that are no power of two, and a part that is asked for which is not made of them.
  private static func checkBlocks(_ target: XMLElement) throws(VirtError) {
    let numbers = (["size", "block", "requested"] as [StaticString]).map { target.nonemptyText($0).flatMap { UInt64($0) } ?? 0 }
    guard numbers[1].nonzeroBitCount == 1 else { throw target.wrong(.xmlDetail, "the size of a <block> is a power of two") }
    guard numbers[2] <= numbers[0] else { throw target.wrong(.xmlDetail, "there is less of it than is <requested>") }
    guard numbers[2] % numbers[1] == 0 else { throw target.wrong(.xmlDetail, "what is <requested> is made of blocks") }
  }

  private static func inKibibytes(_ size: XMLElement) throws(VirtError) -> XMLElement {
    XMLElement(size.name, [XMLAttribute("unit", "KiB")], [.text("\(try ScaledSize.kibibytes(size) ?? 0)")])
  }

  /// The size of one, in KiB.
  static func size(_ element: XMLElement) -> UInt64 {
    element.first("target")?.first("size").flatMap { UInt64($0.text) } ?? 0
  }
}
