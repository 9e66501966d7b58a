import APIDescription
import CodePrinting

/// The parts of `virt-driver.h` that are code rather than declarations.
extension DriverHeaderEmitter {
  /// Lines of a macro, each but the last continued.
  private static func macro(_ lines: [String], _ printer: inout CodePrinter) {
    for (index, text) in lines.enumerated() {
      guard index + 1 < lines.count else { return printer.line(text) }
      printer.line(text + String(repeating: " ", count: max(1, 118 - text.count)) + "\\")
    }
  }

  /// How a driver declares its note.
  static func printNoteMacros(_ printer: inout CodePrinter) {
    printer.lines(
      "/* One record of the note's text. */", "#define VIRT_DRIVER_TEXT(key, value) key \"=\" value \"\\0\"", "",
      "#ifndef VIRT_DRIVER_MINOR_LEAST",
      "/* The oldest host minor that suffices; define it before including this header to ask for more. */",
      "#define VIRT_DRIVER_MINOR_LEAST 0u", "#endif", "#ifndef VIRT_DRIVER_API_LEAST",
      "/* The oldest API release the driver works with; define it before including this header to ask for more. */",
      "#define VIRT_DRIVER_API_LEAST 0u", "#endif", "", "#if defined(__has_attribute)", "#if __has_attribute(retain)",
      "#define VIRT_DRIVER_RETAIN , retain", "#endif", "#endif", "#ifndef VIRT_DRIVER_RETAIN", "#define VIRT_DRIVER_RETAIN",
      "#endif", "", "/* Declares the driver's note, at file level of a C file:",
      " *   VIRT_DRIVER_NOTE(0,", " *       VIRT_DRIVER_TEXT(\"name\", \"sample\")",
      " *       VIRT_DRIVER_TEXT(\"group\", \"hypervisor\")", " *       VIRT_DRIVER_TEXT(\"match\", \"scheme=sample\"));",
      " * `flags` are VIRT_DRIVER_NOTE_… bits. */")
    macro(
      [
        "#define VIRT_DRIVER_NOTE(flags, text)", "    static const struct {", "        uint32_t owner_size, body_size, type;",
        "        char owner[sizeof VIRT_DRIVER_NOTE_OWNER];", "        struct virt_driver_note note;",
        "        char records[(sizeof(text) + 3) / 4 * 4];",
        "    } virt_driver_note_object __attribute__((section(\".note.virtdrv\"), used, aligned(4) VIRT_DRIVER_RETAIN)) = {",
        "        sizeof VIRT_DRIVER_NOTE_OWNER,", "        sizeof(struct virt_driver_note) + (sizeof(text) + 3) / 4 * 4,",
        "        VIRT_DRIVER_NOTE_TYPE,", "        VIRT_DRIVER_NOTE_OWNER,",
        "        { sizeof(struct virt_driver_note), VIRT_DRIVER_ABI_MAJOR, VIRT_DRIVER_ABI_MINOR, VIRT_DRIVER_MINOR_LEAST,",
        "          (flags), VIRT_DRIVER_API_LEAST, VIRT_DRIVER_API_VERSION,",
        "          { VIRT_DRIVER_CONTRACT_HASH_0, VIRT_DRIVER_CONTRACT_HASH_1 }, sizeof(text) - 1 },", "        text", "    }",
      ], &printer)
    printer.line()
  }

  /// How a driver names its operations.
  static func printOperationMacros(_ printer: inout CodePrinter) {
    printer.lines(
      "#if defined(__GNUC__)", "__attribute__((visibility(\"default\")))", "#endif",
      "/* The only symbol a driver exports. Since 1.0. */",
      "extern virt_driver_negotiate_function virt_driver_negotiate;", "",
      "/* One item of the list of operations, its function checked against the operation's type:",
      " *   static const struct virt_driver_operation operations[] = { VIRT_DRIVER_OPERATION(connectOpen, open_it), … };",
      " * VIRT_DRIVER_OPERATION_FULL also says which revision the driver implements, and flags. */",
      "#define VIRT_DRIVER_OPERATION(name, function) VIRT_DRIVER_OPERATION_FULL(name, function, 1u, 0u)", "#ifdef __cplusplus")
    macro(
      [
        "#define VIRT_DRIVER_OPERATION_FULL(name, function, revision, flags)",
        "    { VIRT_OPERATION_##name, (revision), (flags), 0u,",
        "      reinterpret_cast<void (*)(void)>(static_cast<virt_operation_##name *>(function)) }",
      ], &printer)
    printer.line("#else")
    macro(
      [
        "#define VIRT_DRIVER_OPERATION_FULL(name, function, revision, flags)",
        "    { VIRT_OPERATION_##name, (revision), (flags), 0u,",
        "      (void (*)(void))_Generic((function), virt_operation_##name *: (function)) }",
      ], &printer)
    printer.lines("#endif", "")
  }

  /// The services as a struct of typed pointers, and the function that fills it.
  static func printServices(_ boundary: Boundary, _ printer: inout CodePrinter) {
    let services = boundary.services
    rule("the services, sorted", &printer)
    printer.lines(
      "/* How many services this header knows. */", "#define VIRT_DRIVER_SERVICE_COUNT \(services.count)u", "",
      "/* Every service as a typed pointer; NULL where the host does not have it. */")
    printer.block("struct virt_driver_services {", "};") { printer in
      for service in services {
        let name = service.required("name")
        printer.line("virt_service_\(name) *\(name);")
      }
    }
    printer.lines(
      "", "/* Sorts what the host offers. 1 when every service this header knows is there, else 0. */",
      "static inline int virt_driver_services_load(const struct virt_driver_host *host, struct virt_driver_services *services)")
    printer.block("{") { printer in
      printer.lines(
        "uint32_t known = 0;", "memset(services, 0, sizeof *services);")
      printer.block("for (uint32_t index = 0; index < host->services.count; index++) {") { printer in
        printer.lines(
          "const struct virt_driver_service *service = (const struct virt_driver_service *)",
          "    ((const char *)host->services.items + (size_t)index * host->services.stride);", "known++;",
          "switch (service->id) {")
        for service in services {
          let name = service.required("name")
          printer.line(
            "case \(serviceIdentifier(service)): services->\(name) = (virt_service_\(name) *)service->function; break;")
        }
        printer.lines("default: known--; break;", "}")
      }
      printer.line("return known == VIRT_DRIVER_SERVICE_COUNT;")
    }
    printer.line()
  }
}
