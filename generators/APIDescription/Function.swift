/// A public function.
public struct Function {
  public let name: String
  public let since: String
  public let deprecated: String?
  /// The parameter that is the object it works on; nil for a free function.
  public let receiver: String?
  /// Whether it may wait for something.
  public let blocks: Bool
  /// The thread it must be called on, if not any.
  public let thread: String?
  /// The function that makes a running call of it end early.
  public let abortedBy: String?
  /// Its part in an event loop, where a binding that runs one needs it.
  public let eventLoopPart: String?
  public let returns: Returns
  public let parameters: [Parameter]
  public let body: Body
  /// The operations of which a body that people write needs one.
  public let needs: [String]
  public let rules: [Rule]
  /// Whether a read-only connection may not call it.
  public let isDeniedReadOnly: Bool
  /// What a caller must be allowed, for functions behind which there is no operation.
  public let access: [AccessRule]
  /// Which objects of a list it may see.
  public let filters: [AccessRule]
  public let python: PythonName?
  public let doc: String
  /// What only C programs need to know besides.
  public let inC: String
  public let fails: String
  public let location: SourceLocation

  /// The parameter of that name.
  public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

  /// The parameters that say how many elements others have, or have room for.
  public var sizes: Set<String> { Set(parameters.flatMap { [$0.capacity, $0.length, $0.sizedBy].compactMap { $0 } }) }
}

/// What a function returns.
public struct Returns {
  /// How a result is read.
  public enum Shape: String {
    case none, status, count, boolean, value, string, borrowedString = "borrowed-string", handle, pointer, buffer
  }
  public let type: CType
  public let shape: Shape
  /// The C text of the value that stands for an error.
  public let error: String?
  public let isNullable: Bool
  public let isOwned: Bool
  public let free: String?
  public let borrowedFrom: String?
  /// For a buffer: the parameter that receives its length.
  public let length: String?
  public let location: SourceLocation
}

/// A parameter of a function, a callback, an operation or a service.
public struct Parameter {
  public enum Direction: String { case `in`, out, `inout` }
  /// Whether NULL is allowed; `whenEmpty` means for an array without elements.
  public enum Nullability: String { case no, yes, whenEmpty = "when-empty" }

  public let name: String
  public let type: CType
  public let direction: Direction
  public let nullability: Nullability?
  public let role: String?
  public let isOptional: Bool
  /// The flags type, for `role="flags"`; `none` where no flag is defined.
  public let flags: String?
  public let enumeration: String?
  /// What gives the number of elements: a parameter, a product of two, `return`.
  public let length: String?
  public let fixedLength: String?
  /// What gives the room for elements.
  public let capacity: String?
  /// The parameter that gives the size of the struct.
  public let sizedBy: String?
  public let isNullTerminated: Bool
  /// `caller` or `callee`.
  public let allocated: String?
  public let free: String?
  public let elementFree: String?
  public let isTwoCall: Bool
  /// The number without which it may be NULL: a parameter that points to it.
  public let neededWith: String?
  public let least: Int?
  public let most: String?
  public let isLocalPath: Bool
  public let isSameConnection: Bool
  public let ownership: String?
  public let family: String?
  /// Whether its bytes are bits, one for each processor of the host.
  public let isBits: Bool
  public let location: SourceLocation
}

/// What stands behind an entry point.
public enum Body {
  /// Calls an operation of the table; some arguments may be constants.
  case operation(name: String, passes: [(name: String, value: String)])
  /// Reads a field of the handle.
  case accessor(field: String)
  /// Adds a reference to the receiver.
  case reference
  /// Gives a reference of the receiver back.
  case free
  /// Parses a UUID and calls the lookup by UUID.
  case lookupUUIDString(operation: String)
  /// Does what another function does.
  case alias(function: String)
  /// Registers or removes an event callback.
  case event(action: String, family: String, style: String)
  /// Adds to or reads from an array of typed parameters.
  case typedParameter(action: String, kind: String)
  /// Frees a struct and what it owns.
  case freeStruct(name: String)
  /// Written by hand, for the reason given.
  case handWritten(reason: String)
}

/// A rule about arguments that spans more than one of them.
public enum Rule {
  /// A read-only connection may not pass this flag.
  case deniedFlag(String)
  /// These flags exclude each other.
  case exclusive(String, String)
  /// The first flag needs the second.
  case requires(String, String)
  /// The product of two parameters is limited.
  case product(String, String, most: String)
  /// The driver must have a feature.
  case feature(String)
}

/// Where a function stands in Python.
public struct PythonName {
  /// The class whose method it is; nil for a function of the module.
  public let className: String?
  /// What Python calls it; nil for what is not there.
  public let name: String?
  /// Its arguments, where they are not those of the C function by the common rule.
  public let arguments: [PythonArgument]?
  /// What the module of C names calls it, where that is not its C name.
  public let binding: String?
  /// Why it is not there.
  public let skipped: String?
  /// Whether a failure is an exception; if not, Python gets None or the C function's value.
  public let raises: Bool
  /// Whether the receiver is closed by it.
  public let ends: Bool
  /// What comes back, by parameter name, `return` for the C function's value; nil: what the common rule says.
  public let results: [String]?
  /// How several results stand together, where that is not a list.
  public let form: Form?
  /// The argument without which only the first result comes back.
  public let whenGiven: String?
  /// The argument that must have elements.
  public let notEmpty: String?
  /// The number that comes back where C tells nothing.
  public let answer: Int?
  /// Where the sizes come from that the C function asks for and Python does not.
  public let rooms: [PythonRoom]

  /// `nothing` says that None comes back.
  public enum Form: String { case tuple, dict, nothing = "none" }
}

/// Where the value of a size parameter comes from.
public struct PythonRoom {
  public enum Source {
    /// A constant of the API.
    case value(String)
    /// What another function returns, or puts into a field or an out parameter.
    case function(String, of: String?)
  }
  public let parameter: String
  public let source: Source
  public let location: SourceLocation
}

/// An argument in Python.
public struct PythonArgument {
  public let name: String
  /// The parameter of the C function that it becomes, or the first of those.
  public let parameter: String
  /// An expression; nil for an argument that must be given.
  public let defaultValue: String?
  /// How it becomes more than one parameter.
  public let form: Form?
  /// The other parameter it becomes.
  public let with: String?
  public let location: SourceLocation

  /// `record`: a dict with the parameters' names; `pairs`: a dict whose keys and values become two arrays; `total`: whether
  /// all elements come together, for a C function that takes the first element and their number.
  public enum Form: String { case record, pairs, total }

  public init(
    name: String, parameter: String, defaultValue: String?, form: Form? = nil, with: String? = nil, location: SourceLocation
  ) {
    self.name = name
    self.parameter = parameter
    self.defaultValue = defaultValue
    self.form = form
    self.with = with
    self.location = location
  }
}
