internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

/// Reads a document.
///
/// - Parameter isValidated: Whether it also has to follow the schema of its kind, as flags of the calls ask.
func document(
  _ text: BorrowedText, _ kind: DocumentKind, for domain: ErrorDomain, isValidated: Bool
) throws(VirtError) -> XMLElement {
  let element = try XMLReader.read(text.bytes, for: domain)
  if isValidated { try kind.validate(text.bytes, of: element) }
  return element
}
