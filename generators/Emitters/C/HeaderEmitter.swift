import APIDescription
import BindingPlan
import CodePrinting

/// Writes the public headers.
enum HeaderEmitter {
  static let folder = "Sources/CVirt/Generated/libvirt"

  static func files(_ plan: Plan) -> [GeneratedFile] {
    var files = plan.description.headers.map { header($0, plan) }
    let umbrellas = Set(plan.description.headers.compactMap(\.umbrella))
    for umbrella in umbrellas.sorted() { files.append(umbrellaHeader(umbrella, plan)) }
    return files
  }

  static func guardName(_ file: String) -> String {
    let stem = file.hasSuffix(".h") ? String(file.dropLast(2)) : file
    return (stem.hasPrefix("libvirt") ? "" : "LIBVIRT_") + stem.uppercased().replacingHyphens + "_H"
  }

  /// The header programs include: it defines what the parts look for, and includes them in order.
  private static func umbrellaHeader(_ name: String, _ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines("#ifndef \(guardName(name))", "# define \(guardName(name))", "", "# define __VIR_LIBVIRT_H_INCLUDES__")
    for header in plan.description.headers where header.umbrella == name {
      printer.line("# include <libvirt/\(header.name).h>")
    }
    printer.lines("# undef __VIR_LIBVIRT_H_INCLUDES__", "", "#endif")
    return printer.file("\(folder)/\(name)")
  }

  private static func header(_ header: Header, _ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.c)
    let name = guardName(header.name)
    printer.line("/* \(header.doc) */")
    printer.lines("#ifndef \(name)", "# define \(name)", "")
    let isUmbrellaPart = header.umbrella != nil
    if isUmbrellaPart && !header.includesAlone {
      printer.lines(
        "# ifndef __VIR_LIBVIRT_H_INCLUDES__", "#  error \"Include <libvirt/libvirt.h> instead of this file.\"", "# endif", "")
    }
    let isFirst = plan.description.libraries.first?.headers.first == header.name
    if isFirst { HeaderPreamble.write(to: &printer) }
    if !isUmbrellaPart || header.includesAlone { printer.line("# include <libvirt/libvirt.h>") }
    printer.lines("", "# ifdef __cplusplus", "extern \"C\" {", "# endif", "")
    Declarations.write(header, plan, to: &printer)
    printer.lines("# ifdef __cplusplus", "}", "# endif", "", "#endif")
    return printer.file("\(folder)/\(header.name).h")
  }
}

extension Header {
  /// Whether programs may include it by itself although the umbrella has it: the header of errors, which is older.
  var includesAlone: Bool { !name.hasPrefix("libvirt-") && umbrella != nil }
}

extension String {
  /// With `_` for `-`.
  var replacingHyphens: String { String(map { $0 == "-" ? "_" : $0 }) }
}
