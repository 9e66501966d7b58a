internal import CVirtSchema
package import VirtCore

extension DocumentKind {
  /// Holds a document that was read against the kind's schema, unless it is of another kind, which its reader refuses. Loads
  /// libxml2 the first time.
  ///
  /// - Throws: `VIR_ERR_XML_INVALID_SCHEMA` with what is wrong and where; `VIR_ERR_CONFIG_UNSUPPORTED` when there is no schema or
  ///   no libxml2.
  package func validate(_ bytes: UnsafeBufferPointer<UInt8>, of element: XMLElement) throws(VirtError) {
    guard element.isNamed(root) else { return }
    var text = [CChar](repeating: 0, count: 4096)
    let result = rawValue.withCString { kind in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        virt_schema_validate(kind, bytes.baseAddress, bytes.count, &text, text.count)
      }
    }
    switch result {
    case VIRT_SCHEMA_FOLLOWS: return
    case VIRT_SCHEMA_BROKEN:
      throw VirtError(.xmlInvalidSchema, .xml, "", "\(rawValue).rng\n\(Self.string(text))")
    case VIRT_SCHEMA_NO_MEMORY: throw VirtError(.noMemory, .xml)
    case VIRT_SCHEMA_NO_LIBRARY:
      throw VirtError(.configUnsupported, .xml, "libxml2, which validates documents, cannot be loaded:", Self.string(text))
    default: throw VirtError(.configUnsupported, .xml, "there is no schema to validate against:", Self.string(text))
    }
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
