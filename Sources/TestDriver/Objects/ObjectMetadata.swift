internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// What of an object's metadata a call is about; the numbers are those of all kinds of objects.
enum MetadataKind: Int32 {
  case description, title, element

  /// Reads the number of a call.
  static func read(_ kind: Int32, for domain: ErrorDomain) throws(VirtError) -> MetadataKind {
    guard let known = MetadataKind(rawValue: kind) else {
      throw VirtError(.invalidArg, domain, "there is no kind of metadata", "\(kind)")
    }
    return known
  }

  /// What is kept; nil when nothing is.
  ///
  /// - Parameter uri: The namespace of an element.
  func value(in values: some DescribedValues, _ uri: BorrowedText?) -> String? {
    switch self {
    case .description: values.description
    case .title: values.title
    case .element: values.foreignMetadata(uri?.string ?? "")
    }
  }
}

/// Something new to keep with an object, or nothing instead of what is kept.
struct MetadataChange {
  private let kind: MetadataKind
  private let text: String?
  private let element: XMLElement?
  private let prefix, uri: String

  /// Reads what a call says.
  init(
    _ kind: Int32, _ text: BorrowedText?, _ key: BorrowedText?, _ uri: BorrowedText?, for domain: ErrorDomain
  ) throws(VirtError) {
    self.kind = try MetadataKind.read(kind, for: domain)
    let text = text?.string
    element = if self.kind == .element, let text { try XMLReader.read(text, for: domain) } else { nil }
    self.text = text.flatMap { $0.isEmpty ? nil : $0 }
    prefix = key?.string ?? ""
    self.uri = uri?.string ?? ""
  }

  /// Keeps it.
  func apply(to values: inout some DescribedValues) {
    switch kind {
    case .description: values.description = text
    case .title: values.title = text
    case .element: values.setForeignMetadata(element, prefix: prefix, uri: uri)
    }
  }
}
