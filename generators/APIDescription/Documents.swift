/// A kind of text: of an attribute, or in an element.
public struct TextValue {
  /// A data type of XML Schema with its limits.
  public struct Data {
    /// The name of the data type.
    public let name: String
    public let pattern: String?
    public let least: String?
    public let most: String?
    /// Characters at most.
    public let longest: String?
  }

  /// The words that it may be.
  public let choices: [String]
  /// Those of the words that the oldest release that documents are compared with does not know.
  public let laterChoices: [String]
  /// Names of value types that it may have.
  public let types: [String]
  public let data: [Data]
  /// What readers make of it: the name of a reading, or ``anything`` when they do not look; by its types when it is not said.
  public let reading: String?
  /// Words that readers take besides; the only ones that they take, where documents may have other texts that are no numbers.
  public let readChoices: [String]
  /// Words that readers refuse, though schemas have them.
  public let unreadChoices: [String]
  /// Whether readers take an empty text for none.
  public let isEmptyRead: Bool
  /// The code and the domain of the error when readers refuse it, as C names them.
  public let refusal: String?

  /// What readers say who do not look at a text.
  public static let unread = "any"
  /// The name of the type that any text has.
  public static let anything = "text"
}

/// Something that stands in an element: an attribute, or an element.
public struct DocumentPart {
  /// How often an element may stand where it may.
  public enum Frequency: String {
    case once
    /// Any number, but one where it is needed.
    case many
  }

  public let name: String
  public let isAttribute: Bool
  /// The URI of an element's namespace, when it has another one than what it stands in.
  public let namespace: String?
  public let frequency: Frequency
  /// The variants in which it may stand; all when empty.
  public let variants: [String]
  /// The variants in which readers look at it; all when empty. In others they leave it alone.
  public let readVariants: [String]
  /// The variants in which it has to stand.
  public let neededIn: [String]
  /// Whether it has to stand wherever it may.
  public let isNeeded: Bool
  /// The name of a group of parts of which only one stands; behind a slash, what those share that may stand together.
  public let group: String?
  /// Whether the oldest release that documents are compared with does not know it.
  public let isLater: Bool
  /// What the attribute's value is.
  public let value: TextValue?
  /// The name of the type that describes the element.
  public let type: String?
  /// What stands in the element, when no type says it.
  public let content: DocumentContent?
  /// Whether anything may stand in the element.
  public let isAnything: Bool
  /// Whether readers look into the element; whether at its text is the text's matter.
  public let isRead: Bool
  /// The code and the domain of the error when readers miss the part. They miss an element that should hold a text when it is empty, too.
  public let missing: String?
  /// The variants in which they miss it; all when empty.
  public let missingVariants: [String]
  /// The code and the domain of the error when the element stands twice; nil when readers do not care.
  public let doubled: String?
  public let location: SourceLocation

  /// What says that readers look at a part, or miss it, in all variants.
  static let everywhere = "*"
}

/// What may stand in an element, in the order in which it is written.
public final class DocumentContent {
  /// The attributes whose values choose the variant; `../name` is one of the element around.
  public let selectors: [String]
  /// Those of them that documents follow; none where only readers tell variants apart.
  public var followedSelectors: [String] {
    let isFollowed = !textVariants.isEmpty || parts.contains { !$0.variants.isEmpty || !$0.neededIn.isEmpty }
    return isFollowed ? selectors : []
  }
  /// The text in it.
  public let value: TextValue?
  /// The variants in which the text stands; all when empty.
  public let textVariants: [String]
  /// Whether the text may be missing.
  public let isTextOptional: Bool
  /// Whether elements stand in this order only.
  public let isOrdered: Bool
  /// Whether elements are written in the order in which they were read, whatever their names.
  public let isMixed: Bool
  /// The code and the domain of the error when an element stands in it that nobody knows; nil when that is kept.
  public let unknown: String?
  public let parts: [DocumentPart]
  /// The same with those that no schema has, but readers take.
  public let allParts: [DocumentPart]
  public let location: SourceLocation

  init(
    selectors: [String], value: TextValue?, textVariants: [String], isTextOptional: Bool, isOrdered: Bool, isMixed: Bool,
    unknown: String?, parts: [DocumentPart], allParts: [DocumentPart], location: SourceLocation
  ) {
    self.selectors = selectors
    self.value = value
    self.textVariants = textVariants
    self.isTextOptional = isTextOptional
    self.isOrdered = isOrdered
    self.isMixed = isMixed
    self.unknown = unknown
    self.parts = parts
    self.allParts = allParts
    self.location = location
  }
}

/// A file of the grammar of documents.
public struct GrammarTopic {
  /// A kind of text with a name.
  public struct ValueType {
    public let name: String
    public let doc: String
    public let value: TextValue
  }

  /// A kind of number as readers take it.
  public struct Reading {
    public let name: String
    public let doc: String
    /// 0 for what the number's prefix says.
    public let base: Int
    /// Digits at least when it is written in base 16; 0 when it is written in base 10.
    public let digits: Int
    public let least: String
    public let most: String
  }

  /// A kind of element with a name.
  public struct ContentType {
    public let name: String
    public let doc: String
    public let content: DocumentContent
  }

  /// A kind of document.
  public struct Document {
    /// The kind's name, which is that of its schema.
    public let kind: String
    /// The root element.
    public let root: String
    public let doc: String
    /// The name of the type that describes the root, or what stands in it.
    public let type: String?
    /// Whether there are tables of it for readers: of the order of parts, and of what values may be.
    public let hasTables: Bool
    public let content: DocumentContent
  }

  public let name: String
  public let doc: String
  public let readings: [Reading]
  public let values: [ValueType]
  public let types: [ContentType]
  public let documents: [Document]
  public let location: SourceLocation
}
