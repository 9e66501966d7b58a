public import BindingPlan
public import CodePrinting

/// Writes a driver in Swift that builds against the installed kit.
public enum SwiftDriverStub {
  /// The project's files.
  public static func files(_ stub: DriverStub, _ plan: Plan) -> [GeneratedFile] {
    [package(stub), makefile(stub), driver(stub, plan), plugin(stub), header(stub), stub.readme("Swift")]
  }

  private static func package(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.swift, banner: false)
    printer.lines(
      "// swift-tools-version: 6.2", "import PackageDescription", "", "let package = Package(", "  name: \"\(stub.name)\",",
      "  products: [.library(name: \"\(stub.typeName)Plugin\", type: .static, targets: [\"\(stub.typeName)Plugin\"])],",
      "  // A link to the installed kit; make keeps it.", "  dependencies: [.package(path: \"kit\")],", "  targets: [",
      "    .target(name: \"\(stub.typeName)\", dependencies: [.product(name: \"VirtDriverKit\", package: \"kit\")]),",
      "    .target(name: \"\(stub.typeName)Plugin\", dependencies: [\"\(stub.typeName)\", .product(name: \"VirtDriverKit\", package: \"kit\")]),",
      "  ],", "  swiftLanguageModes: [.v6]", ")")
    return printer.file("Package.swift")
  }

  private static func makefile(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.plain, banner: false)
    printer.lines(
      "# The kit's rules build libvirt_driver_$(name).so from the product $(product).", "name := \(stub.name)",
      "product := \(stub.typeName)Plugin", "kit := $(shell pkg-config --variable=swiftkit libvirt)", "ifeq ($(kit),)",
      "$(error pkg-config finds no libvirt with a kit for Swift: set PKG_CONFIG_PATH=PREFIX/lib/pkgconfig)", "endif",
      "include $(kit)/driver.mk")
    return printer.file("Makefile")
  }

  private static func driver(_ stub: DriverStub, _ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.swift, banner: false)
    let signatures = SwiftOperationEmitter.signatures(stub.operations, plan)
    let type = "\(stub.typeName)Driver"
    printer.lines("public import CVirt", "public import VirtCore", "public import VirtDriverKit", "")
    printer.documentation("The driver for `\(stub.scheme)://` URIs: one object per connection.")
    printer.block("public final class \(type): VirtDriver {") { printer in
      printer.lines(
        "private let connection: Connection", "", "private init(_ connection: Connection) { self.connection = connection }", "")
      printer.documentation("What the driver can do; what is not listed answers \"not supported\".")
      printer.block("public static let operations: [Operation<\(type)>] = [", "]") { printer in
        for signature in signatures { printer.line(".\(signature.plan.operation.name) { $0.\(signature.plan.operation.name) },") }
      }
      printer.line()
      printer.documentation("Opens a connection; nil lets the next driver try.")
      printer.lines(
        "public static func open(_ request: OpenRequest) throws(VirtError) -> \(type)? { \(type)(request.connection) }")
      for signature in signatures {
        let arguments = signature.arguments.map { "_ \(SwiftNaming.escaped($0.label)): \($0.type)" }
        let result = signature.results.isEmpty ? "" : " -> \(signature.generic?.value ?? signature.resultType)"
        printer.line()
        printer.list("private func \(signature.plan.operation.name)(", arguments, ") throws(VirtError)\(result) {")
        printer.indented { printer in
          printer.line(
            "throw VirtError(.operationUnsupported, .domain, \"not written yet:\", \"\(signature.plan.operation.name)\")")
        }
        printer.line("}")
      }
    }
    printer.line()
    printer.documentation("What the plugin's one exported function calls.")
    printer.lines(
      "@c(\(stub.prefix)_negotiate)", "public func negotiate\(stub.typeName)(",
      "  _ host: UnsafePointer<virt_driver_host>?, _ reply: UnsafeMutablePointer<virt_driver_reply>?", ") -> Int32 {",
      "  negotiate(\(type).self, host, reply)", "}")
    return printer.file("Sources/\(stub.typeName)/\(type).swift")
  }

  private static func plugin(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.c, banner: false)
    printer.lines(
      "/* What the shared object is, readable without loading it, and its one exported function. */",
      "#include <libvirt/virt-driver.h>", "",
      "#include \"\(stub.typeName)Plugin.h\"", "")
    stub.note(&printer)
    printer.lines(
      "int virt_driver_negotiate(const struct virt_driver_host *host, struct virt_driver_reply *reply)", "{",
      "    return \(stub.prefix)_negotiate(host, reply);", "}")
    return printer.file("Sources/\(stub.typeName)Plugin/plugin.c")
  }

  private static func header(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.c, banner: false)
    let guardName = "\(stub.prefix.uppercased())_PLUGIN_H"
    printer.lines(
      "/* What the shell calls; in \(stub.typeName). */", "#ifndef \(guardName)", "#define \(guardName)", "",
      "#include <libvirt/virt-driver.h>", "",
      "int32_t \(stub.prefix)_negotiate(const struct virt_driver_host *host, struct virt_driver_reply *reply);", "", "#endif")
    return printer.file("Sources/\(stub.typeName)Plugin/include/\(stub.typeName)Plugin.h")
  }
}
