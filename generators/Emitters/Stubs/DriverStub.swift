public import BindingPlan
import CodePrinting

/// What a new driver shall be.
public struct DriverStub {
  /// Its name: lower-case letters, digits and hyphens, a letter first.
  public let name: String
  /// The scheme of the URIs it answers.
  public let scheme: String
  /// The operations it begins with, besides opening and closing.
  public let operations: [OperationPlan]

  /// Why a stub cannot be written.
  public struct Refusal: Error, CustomStringConvertible {
    public let description: String
  }

  /// The groups of operations it is primary for.
  var groups: [String] {
    var groups = ["hypervisor"]
    for operation in operations where !groups.contains(operation.operation.group) { groups.append(operation.operation.group) }
    return groups
  }

  /// The name as part of C and Swift identifiers: `my-driver` gives `MyDriver`.
  var typeName: String { name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }
  /// The same, beginning with a small letter.
  var prefix: String { typeName.prefix(1).lowercased() + typeName.dropFirst() }

  /// Checks name, scheme and operations.
  ///
  /// - Parameter wanted: Names of operations, or of groups for all of theirs.
  public init(name: String, scheme: String, wanted: [String], _ plan: Plan) throws(Refusal) {
    guard name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil else {
      throw Refusal(description: "'\(name)' is no driver name: lower-case letters, digits and hyphens, a letter first")
    }
    guard scheme.wholeMatch(of: /[a-z][a-z0-9.\-]*/) != nil else {
      throw Refusal(description: "'\(scheme)' is no URI scheme: lower-case letters, digits, '-' and '.', a letter first")
    }
    let boundary = Boundary(plan.description)
    var chosen: [OperationPlan] = []
    for word in wanted {
      let found = plan.operations.filter { operation in
        operation.table == "connection" && boundary?.owners[operation.operation.name] == nil
          && (operation.operation.name == word || operation.operation.group == word)
      }
      guard !found.isEmpty else { throw Refusal(description: "there is no operation or group '\(word)' that a driver can have") }
      for operation in found where !chosen.contains(where: { $0.operation.name == operation.operation.name }) {
        chosen.append(operation)
      }
    }
    self.name = name
    self.scheme = scheme
    operations = chosen
  }

  /// The note that makes a shared object a driver.
  func note(_ printer: inout CodePrinter) {
    printer.line("VIRT_DRIVER_NOTE(0,")
    printer.indented { printer in
      printer.lines("VIRT_DRIVER_TEXT(\"name\", \"\(name)\")", "VIRT_DRIVER_TEXT(\"version\", \"0.1\")")
      for group in groups { printer.line("VIRT_DRIVER_TEXT(\"group\", \"\(group)\")") }
      printer.line("VIRT_DRIVER_TEXT(\"match\", \"scheme=\(scheme)\"));")
    }
    printer.line()
  }

  /// What stands in the project's README.
  func readme(_ language: String) -> GeneratedFile {
    var printer = CodePrinter(.plain, banner: false)
    printer.lines(
      "# \(name)", "",
      "A driver for `\(scheme)://` URIs, in \(language). It opens; every other operation says that it is not written yet.", "",
      "```sh", "make                            # PKG_CONFIG_PATH=PREFIX/lib/pkgconfig if the library is somewhere else",
      "export LIBVIRT_DRIVER_DIR=$PWD  # programs find the driver here",
      "export LD_LIBRARY_PATH=$(pkg-config --variable=libdir libvirt)",
      "python3 -c 'import libvirt; print(libvirt.open(\"\(scheme):///\").getURI())'",
      "make install                    # into the library's own driver directory",
      "```", "", "What a driver may and must do stands in `libvirt/virt-driver.h`.")
    return printer.file("README.md")
  }
}
