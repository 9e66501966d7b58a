/// A result that a driver's method may give in more than one form: as a Swift value, or already in the host's memory.
enum GenericResult {
  case text
  case texts

  /// The name of the generic parameter.
  var placeholder: String { self == .text ? "Text" : "Texts" }
  /// The Swift value it mostly is.
  var value: String { self == .text ? "String" : "[String]" }
  /// The protocol it must conform to.
  var requirement: String { self == .text ? "HostText" : "HostTextList" }
  /// The protocol's method, which brings it to the host's memory.
  var conversion: String { self == .text ? "hostString" : "hostTexts" }
}
