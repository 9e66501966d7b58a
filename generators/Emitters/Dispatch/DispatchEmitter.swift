import APIDescription
import BindingPlan
import CodePrinting

/// Writes what stands between entry points and drivers inside `libvirt.so.0`: the tables of operations, events, handle classes
/// and error texts, and the thunks of operations that are missing or whose group opens later.
enum DispatchEmitter {
  static let folder = "Sources/CVirtDispatch/Generated"

  static func files(_ plan: Plan) -> [GeneratedFile] {
    guard let boundary = Boundary(plan.description) else { return [] }
    var files = [header(plan), tables(plan, boundary), ErrorTextEmitter.file(plan), ClassTableEmitter.file(plan, boundary)]
    for group in plan.description.groups { files.append(ThunkEmitter(plan: plan, group: group).file()) }
    files += EventTableEmitter.files(plan, boundary)
    return files
  }

  /// The tables there are, in the order of their names.
  static func tableNames(_ plan: Plan) -> [String] { Set(plan.description.groups.map(\.table)).sorted() }

  private static func header(_ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines(
      "/* The generated tables that the host fills connections from. */", "#ifndef VIRT_DISPATCH_H", "#define VIRT_DISPATCH_H", "",
      "#include <libvirt/virt-driver.h>", "#include \"virt-runtime.h\"", "",
      "/* What is known about an operation; tables are indexed by id, absent ids have a NULL name. */",
      "struct virt_operation_entry {", "    const char *name;", "    uint16_t group;           /* VIRT_GROUP_…               */",
      "    uint16_t blocks;          /* 1 when it may wait          */",
      "    void (*missing)(void);    /* answers when nobody has it; its state is the connection          */",
      "    void (*deferred)(void);   /* opens the group at the first call; its state is the group's slot */", "};")
    for table in tableNames(plan) {
      printer.lines(
        "extern const struct virt_operation_entry virt_\(table)_operations[];",
        "extern const uint32_t virt_\(table)_operation_count;",
        "static inline const struct virt_operation_entry *virt_\(table)_operation(uint32_t id) { return &virt_\(table)_operations[id]; }"
      )
    }
    printer.lines(
      "", "/* The rows of a group's companion, opened now if need be; NULL after raising. The host's. */",
      "const struct virt_row *virt_host_group_rows(void *slot);", "",
      "/* How an event is kept and told; sorted by family and event. */",
      "struct virt_event_kind {", "    uint32_t family;", "    int32_t event;",
      "    uint16_t class_id;        /* of what it is about */",
      "    /* A copy of the payload with all it points to, but for its head; NULL without memory. */",
      "    void *(*copy)(const void *payload);",
      "    void (*release)(void *payload);", "    /* Calls the program's callback. */",
      "    void (*deliver)(void (*callback)(void), virConnectPtr connection, void *object, const void *payload, void *opaque);",
      "};",
      "extern const struct virt_event_kind virt_event_kinds[];", "extern const uint32_t virt_event_kind_count;",
      "static inline const struct virt_event_kind *virt_event_kind_at(uint32_t index) { return &virt_event_kinds[index]; }", "",
      "#endif")
    return printer.file("\(folder)/include/virt-dispatch.h")
  }

  private static func tables(_ plan: Plan, _ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.lines("/* Operations by table and id. */", "#include \"virt-dispatch.h\"", "#include <libvirt/virt-driver-admin.h>", "")
    for operation in plan.operations {
      printer.line(
        "extern \(operation.typeName) virt_missing_\(operation.operation.name), virt_deferred_\(operation.operation.name);")
    }
    for table in tableNames(plan) {
      let mine = plan.operations.filter { $0.table == table }
      printer.line()
      printer.block("const struct virt_operation_entry virt_\(table)_operations[] = {", "};") { printer in
        for operation in mine {
          let name = operation.operation.name
          let group = boundary.number("group", operation.operation.group)?.identifier ?? "0"
          printer.line(
            "[\(operation.identifier)] = { \"\(name)\", \(group), \(operation.operation.blocks ? 1 : 0), (void (*)(void))virt_missing_\(name), (void (*)(void))virt_deferred_\(name) },"
          )
        }
      }
      printer.line(
        "const uint32_t virt_\(table)_operation_count = sizeof virt_\(table)_operations / sizeof *virt_\(table)_operations;")
    }
    return printer.file("\(folder)/operations.c")
  }
}
