internal import VirtXML

/// What there can be of storage.
package enum StorageCapabilities {
  /// The document about all types of pools.
  package static var text: [UInt8] {
    let pools = StoragePoolKind.allCases.map { kind in
      XMLElement(
        "pool", [XMLAttribute("type", kind.rawValue), XMLAttribute("supported", "yes")],
        [
          options("poolOptions", kind.defaultFormat, "sourceFormatType", kind.formats),
          options("volOptions", kind.volumeFormats.first, "targetFormatType", kind.volumeFormats),
        ].compactMap { $0 })
    }
    var writer = XMLWriter(capacity: 8192)
    writer.write(XMLElement("storagepoolCapabilities", elements: pools), depth: 0)
    return writer.array
  }

  private static func options(_ name: String, _ standard: String?, _ values: String, _ formats: [String]) -> XMLContent? {
    guard let standard else { return nil }
    return .element(
      XMLElement(
        name, [],
        [
          .element(XMLElement("defaultFormat", [XMLAttribute("type", standard)])),
          .element(
            XMLElement("enum", [XMLAttribute("name", values)], formats.map { .element(XMLElement("value", text: $0)) })),
        ]))
  }
}
