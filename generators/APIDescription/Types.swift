/// A preprocessor macro.
public struct Macro {
  /// What kind it is: a plain constant, a typed-parameter key, a prefix or suffix of keys, one with arguments, an alias.
  public enum Kind: String { case constant, key, prefix, suffix, function, alias }
  public let name: String
  public let kind: Kind
  public let since: String
  /// The C text, for constants and aliases.
  public let value: String?
  /// The string, for keys and parts of keys.
  public let string: String?
  /// Argument names, for those with arguments.
  public let parameters: [String]
  /// What it is replaced with, for those with arguments.
  public let replacement: String?
  public let doc: String
  public let location: SourceLocation
}

/// An enumeration or a set of flags.
public struct Enumeration {
  public let name: String
  public let since: String
  /// Whether its values are bits to be combined.
  public let isFlags: Bool
  /// Whether C has no typedef for it.
  public let isAnonymous: Bool
  public let values: [EnumerationValue]
  public let doc: String
  public let location: SourceLocation
}

/// One enumerator.
public struct EnumerationValue {
  public let name: String
  public let value: Int
  public let since: String
  /// The enumerator it is spelled as in C, if it is not a number.
  public let alias: String?
  /// Whether it only marks the end and is hidden from programs that do not ask for it.
  public let isSentinel: Bool
  /// For error codes: the sentence its errors begin with.
  public let message: String?
  /// Its name in Swift, where the usual rule gives a wrong one.
  public let swiftName: String?
  /// Its name as a key in Python, where the usual rule gives a wrong one.
  public let pythonName: String?
  public let doc: String
  public let location: SourceLocation
}

/// A class of handles.
public struct HandleType {
  public let name: String
  public let pointer: String
  public let tag: String
  public let since: String
  /// Its class, such as `domain-snapshot`.
  public let classID: String
  /// The class it belongs to: `none`, `connection`, or another class.
  public let parent: String
  /// Error code of a handle that is not one.
  public let invalid: String
  /// Error domain of that error; the called function's own when absent.
  public let errorDomain: String?
  public let hasUUID: Bool
  public let hasID: Bool
  /// What its strings are, the name first.
  public let strings: [String]
  /// What its number is, if it has one.
  public let number: String?
  /// The attribute that holds its parent in Python; nil for the usual one.
  public let pythonParent: String?
  /// Methods that answer an ancestor, by the ancestor's class, beside the usual `connect`.
  public let pythonAncestors: [(name: String, value: String)]
  /// Numbers that are attributes of the class in Python.
  public let pythonConstants: [(name: String, value: String)]
  public let doc: String
  public let location: SourceLocation
}

/// A struct with public fields.
public struct StructType {
  public let name: String
  public let tag: String
  public let pointer: String?
  public let since: String
  /// The function that frees one, if there is one.
  public let free: String?
  /// Whether programs pass its size, so that it may grow.
  public let isExtensible: Bool
  /// What it becomes in Python; nil for what does not go there.
  public let pythonForm: PythonForm?
  /// The enumeration that names the keys of a mapping.
  public let pythonKeys: String?

  /// A list, tuple or dict of its fields; `mapping`: an entry of a dict, the first field being the key; `content`: what its only
  /// field that is no count becomes.
  public enum PythonForm: String { case list, tuple, dict, mapping, content }
  public let fields: [StructField]
  public let doc: String
  public let location: SourceLocation
}

/// A field, or a union of fields.
public struct StructField {
  /// Who frees what a pointer leads to.
  public enum Ownership: String { case owned, borrowed }
  public let name: String
  /// Absent for a union.
  public let type: CType?
  /// Array length, a number or a macro.
  public let length: String?
  /// Whether the struct owns what the field points to; absent when it is not said.
  public let ownership: Ownership?
  public let isNullable: Bool
  public let countedBy: String?
  /// Whether its bytes are bits, one for each processor of the host.
  public let isBits: Bool
  /// Whether Python sees it.
  public let isInPython: Bool
  /// What its value is divided by for Python.
  public let pythonDivisor: Int?
  /// Whether it is True or False in Python.
  public let isPythonTruth: Bool
  /// The members, for a union.
  public let members: [StructField]
  public let doc: String
  public let location: SourceLocation

  public var isOwned: Bool { ownership == .owned }
}

/// A plain typedef.
public struct Typedef {
  public let name: String
  public let type: CType
  public let since: String
  public let doc: String
  public let location: SourceLocation
}

/// An exported data object.
public struct Variable {
  public let name: String
  public let type: CType
  public let since: String
  /// The version node, where it is not the one of `since`.
  public let node: String?
  public let doc: String
  public let location: SourceLocation
}

/// The type of a function that programs pass in.
public struct Callback {
  public let name: String
  public let since: String
  /// `call`: used only during the call it is passed to; `notified`: kept until its free callback ran.
  public let scope: String
  /// The family of events it receives, if it is an event callback.
  public let eventFamily: String?
  /// The event ids it serves, as enumerator names.
  public let events: [String]
  /// The function of the Python module that calls one.
  public let pythonInvoker: String?
  public let returns: CType
  public let parameters: [Parameter]
  public let doc: String
  public let location: SourceLocation
}

/// A family of typed parameters.
public struct ParameterFamily {
  public let name: String
  public let since: String
  /// Whether there are more keys than those listed, made of parts and numbers.
  public let isOpen: Bool
  public let parameters: [FamilyParameter]
  public let location: SourceLocation
}

/// One typed parameter of a family.
public struct FamilyParameter {
  /// The macro that holds its key.
  public let key: String
  public let type: String
  /// Whether it can be set; nil where that question makes no sense.
  public let isWritable: Bool?
  /// Whether it may be given more than once.
  public let isRepeated: Bool
  public let location: SourceLocation
}
