(* What a program sees through the OCaml bindings: a line of JSON for each thing, its label and its value. *)
module C = Libvirt.Connect
module D = Libvirt.Domain
module N = Libvirt.Network
module P = Libvirt.Pool
module V = Libvirt.Volume
module S = Libvirt.Secret
module E = Libvirt.Event

let quoted text =
  let made = Buffer.create 64 in
  String.iter (fun c ->
      if c = '"' || c = '\\' then Buffer.add_char made '\\';
      if c < ' ' || c > '~' then Buffer.add_string made (Printf.sprintf "\\u%04x" (Char.code c)) else Buffer.add_char made c) text;
  "\"" ^ Buffer.contents made ^ "\""

let told label value = Printf.printf "[%s, %s]\n" (quoted label) value

(* The result, or what the error says of itself; its wording is each library's own. *)
let say label make =
  told label (try quoted (make ()) with
    | Libvirt.Virterror error ->
      Printf.sprintf "{\"error\": [%s, %s, %s]}" (quoted (Libvirt.Virterror.string_of_code error.code))
        (quoted (Libvirt.Virterror.string_of_domain error.domain)) (quoted (Libvirt.Virterror.string_of_level error.level))
    | Libvirt.Not_supported name -> Printf.sprintf "{\"unsupported\": %s}" (quoted name)
    | Not_found -> "\"not found\"")

let number = string_of_int
let long = Int64.to_string
let truth = string_of_bool
let list texts = String.concat ", " texts
let sorted texts = let all = Array.copy texts in Array.sort compare all; list (Array.to_list all)
let done_ () = "done"
let state = function
  | D.InfoNoState -> "none" | D.InfoRunning -> "running" | D.InfoBlocked -> "blocked" | D.InfoPaused -> "paused"
  | D.InfoShutdown -> "shutdown" | D.InfoShutoff -> "off" | D.InfoCrashed -> "crashed" | D.InfoPMSuspended -> "asleep"
let value = function
  | D.TypedFieldInt32 n | D.TypedFieldUInt32 n -> Int32.to_string n
  | D.TypedFieldInt64 n | D.TypedFieldUInt64 n -> long n
  | D.TypedFieldFloat n -> string_of_float n | D.TypedFieldBool b -> truth b | D.TypedFieldString s -> s
let scheduled = function
  | D.SchedFieldInt32 n | D.SchedFieldUInt32 n -> Int32.to_string n
  | D.SchedFieldInt64 n | D.SchedFieldUInt64 n -> long n
  | D.SchedFieldFloat n -> string_of_float n | D.SchedFieldBool b -> truth b
let document name = "<domain type='test'><name>" ^ name ^ "</name><uuid>11111111-2222-3333-4444-555555555555</uuid><memory>4096</memory>\
                     <os><type>hvm</type></os><devices><disk type='file' device='disk'><source file='/d'/><target dev='vda'/></disk></devices></domain>"

let host c =
  say "type" (fun () -> C.get_type c);
  say "version" (fun () -> number (C.get_version c));
  say "hostname" (fun () -> truth (String.length (C.get_hostname c) > 0));
  say "uri" (fun () -> C.get_uri c);
  say "processors" (fun () -> number (C.get_max_vcpus c ()));
  say "processors of a type" (fun () -> number (C.get_max_vcpus c ~type_:"test" ()));
  say "capabilities" (fun () -> String.sub (C.get_capabilities c) 0 15);
  say "node" (fun () -> let i = C.get_node_info c in
      Printf.sprintf "%s %Ld %d %d %d %d %d %d of %d" i.model i.memory i.cpus i.mhz i.nodes i.sockets i.cores i.threads (C.maxcpus_of_node_info i));
  say "free" (fun () -> long (C.node_get_free_memory c));
  say "free by cell" (fun () -> list (Array.to_list (Array.map long (C.node_get_cells_free_memory c 0 2))));
  say "no such cell" (fun () -> list (Array.to_list (Array.map long (C.node_get_cells_free_memory c 99 1))));
  say "alive" (fun () -> C.set_keep_alive c 5 5; done_ ());
  say "domains" (fun () -> list (Array.to_list (Array.map number (C.list_domains c (C.num_of_domains c)))));
  say "defined" (fun () -> sorted (C.list_defined_domains c (C.num_of_defined_domains c)));
  say "networks" (fun () -> sorted (C.list_networks c (C.num_of_networks c)));
  say "defined networks" (fun () -> sorted (C.list_defined_networks c (C.num_of_defined_networks c)));
  say "pools" (fun () -> sorted (C.list_pools c (C.num_of_pools c)));
  say "defined pools" (fun () -> sorted (C.list_defined_pools c (C.num_of_defined_pools c)));
  say "secrets" (fun () -> sorted (C.list_secrets c (C.num_of_secrets c)));
  say "what domains can have" (fun () -> String.sub (C.get_domain_capabilities c) 0 20)

let domains c =
  let it = D.lookup_by_name c "test" in
  let info label d = say label (fun () -> let i = D.get_info d in Printf.sprintf "%s %Ld %Ld %d" (state i.state) i.max_mem i.memory i.nr_virt_cpu) in
  say "name" (fun () -> D.get_name it);
  say "uuid" (fun () -> D.get_uuid_string it);
  say "by uuid" (fun () -> D.get_name (D.lookup_by_uuid c (D.get_uuid it)));
  say "by id" (fun () -> D.get_name (D.lookup_by_id c (D.get_id it)));
  List.iter (fun name -> say ("by name " ^ name) (fun () -> D.get_name (D.lookup_by_name c name))) [ "none"; "" ];
  say "by text" (fun () -> D.get_name (D.lookup_by_uuid_string c "no uuid"));
  say "by number" (fun () -> D.get_name (D.lookup_by_id c 99));
  info "info" it;
  say "system" (fun () -> D.get_os_type it);
  say "most memory" (fun () -> long (D.get_max_memory it));
  say "document" (fun () -> D.get_xml_desc it);
  say "inactive document" (fun () -> D.get_xml_desc_flags it [ D.XmlInactive; D.XmlSecure ]);
  say "scheduler" (fun () -> let name, count = D.get_scheduler_type it in name ^ " " ^ number count);
  say "weights" (fun () -> list (Array.to_list (Array.map (fun (k, v) -> k ^ "=" ^ scheduled v) (D.get_scheduler_parameters it 1))));
  say "no weight" (fun () -> D.set_scheduler_parameters it [| ("none", D.SchedFieldUInt32 5l) |]; done_ ());
  say "weigh" (fun () -> D.set_scheduler_parameters it [| ("weight", D.SchedFieldUInt32 40l) |]; done_ ());
  say "set memory" (fun () -> D.set_memory it 100000L; done_ ());
  say "too much memory" (fun () -> D.set_memory it 100000000L; done_ ());
  say "set processors" (fun () -> D.set_vcpus it 1; done_ ());
  say "too many processors" (fun () -> D.set_vcpus it 1000; done_ ());
  say "pin" (fun () -> D.pin_vcpu it 0 "\003"; done_ ());
  say "processors of it" (fun () -> let count, all, _ = D.get_vcpus it 2 2 in
      number count ^ ": " ^ list (Array.to_list (Array.map (fun (v : D.vcpu_info) -> number v.number) all)));
  say "most processors of it" (fun () -> number (D.get_max_vcpus it));
  say "disk's figures" (fun () -> truth ((D.block_stats it "vda").rd_req >= 0L));
  say "no disk's figures" (fun () -> truth ((D.block_stats it "none").rd_req >= 0L));
  say "interface's figures" (fun () -> truth ((D.interface_stats it "none").rx_bytes >= 0L));
  say "peek" (fun () -> number (D.max_peek it));
  say "attach" (fun () -> D.attach_device it "<nothing/>"; done_ ());
  say "suspend" (fun () -> D.suspend it; done_ ());
  info "suspended" it;
  say "suspend twice" (fun () -> D.suspend it; done_ ());
  say "resume" (fun () -> D.resume it; done_ ());
  say "statistics" (fun () ->
      let all = D.get_all_domain_stats c [ D.StatsState ] [ D.GetAllDomainsStatsActive ] in
      list (List.concat_map (fun (r : D.domain_stats_record) -> List.map (fun (k, v) -> k ^ "=" ^ value v) (Array.to_list r.params)) (Array.to_list all)));
  let made = D.define_xml c (document "made") in
  info "made" made;
  say "starts with the host" (fun () -> D.set_autostart made true; truth (D.get_autostart made));
  say "not defined" (fun () -> D.get_name (D.define_xml c "<domain/>"));
  say "create" (fun () -> D.create made; number (D.get_id made));
  say "create twice" (fun () -> D.create made; done_ ());
  let file = Sys.argv.(1) in
  say "save" (fun () -> D.save made file; done_ ());
  info "saved" made;
  say "restore" (fun () -> D.restore c file; done_ ());
  info "restored" made;
  say "restore nothing" (fun () -> D.restore c "/none"; done_ ());
  say "dump" (fun () -> D.core_dump made file; done_ ());
  say "reboot" (fun () -> D.reboot made; done_ ());
  info "rebooted" made;
  say "shut down" (fun () -> D.shutdown made; done_ ());
  info "shut down" made;
  say "all" (fun () -> list (List.sort compare (List.map D.get_name (D.get_domains c [ D.ListAll ]))));
  say "active" (fun () -> list (List.map D.get_name (D.get_domains c [ D.ListActive ])));
  say "undefine" (fun () -> D.undefine made; done_ ());
  say "gone" (fun () -> D.undefine made; done_ ());
  say "unknown flags" (fun () -> D.get_name (D.create_xml c (document "brief") [ D.START_AUTODESTROY; D.START_BYPASS_CACHE ]));
  let brief = D.create_xml c (document "brief") [] in
  info "brief" brief;
  say "destroy" (fun () -> D.destroy brief; done_ ());
  say "freed" (fun () -> D.free brief; D.get_name brief)

let events c =
  let heard = ref [] in
  let hear label = E.Lifecycle (fun d e -> heard := (label ^ " " ^ D.get_name d ^ " " ^ E.Lifecycle.to_string e) :: !heard) in
  let it = D.lookup_by_name c "test" in
  let one = E.register_any c (hear "any") in
  say "the same event again" (fun () -> ignore (E.register_any c (hear "twice")); done_ ());
  say "of one domain" (fun () -> ignore (E.register_any c ~dom:it (hear "one")); done_ ());
  say "of one domain again" (fun () -> ignore (E.register_any c ~dom:it (hear "one twice")); done_ ());
  let timer = E.add_timeout c 0 (fun () -> ()) in
  let turn () = for _ = 1 to 4 do E.run_default_impl () done in
  D.suspend it; D.resume it;
  turn ();
  say "heard" (fun () -> list (List.sort compare !heard));
  say "forget" (fun () -> E.deregister_any c one; done_ ());
  heard := [];
  D.suspend it; D.resume it;
  turn ();
  say "heard later" (fun () -> list (List.sort compare !heard));
  E.remove_timeout c timer

let networks c =
  let it = N.lookup_by_name c "default" in
  say "network" (fun () -> N.get_name it ^ " " ^ N.get_uuid_string it ^ " " ^ N.get_bridge_name it ^ " " ^ truth (N.get_autostart it));
  say "network by uuid" (fun () -> N.get_name (N.lookup_by_uuid c (N.get_uuid it)));
  say "no network" (fun () -> N.get_name (N.lookup_by_name c "none"));
  say "network's document" (fun () -> N.get_xml_desc it);
  let made = N.define_xml c "<network><name>made</name><uuid>11111111-2222-3333-4444-555555555555</uuid></network>" in
  say "start network" (fun () -> N.create made; done_ ());
  say "start network twice" (fun () -> N.create made; done_ ());
  say "autostart of network" (fun () -> N.set_autostart made true; truth (N.get_autostart made));
  say "stop network" (fun () -> N.destroy made; done_ ());
  say "the handle is gone" (fun () -> N.undefine made; done_ ());
  say "undefine network" (fun () -> N.undefine (N.lookup_by_name c "made"); done_ ());
  say "network is gone" (fun () -> N.undefine (N.lookup_by_name c "made"); done_ ());
  say "brief network" (fun () -> N.get_name (N.create_xml c "<network><name>brief</name></network>"));
  say "bad network" (fun () -> N.get_name (N.create_xml c "<network/>"))

let storage c =
  let it = P.lookup_by_name c "default-pool" in
  let shown = P.const it in
  say "pool" (fun () -> P.get_name shown ^ " " ^ P.get_uuid_string shown ^ " " ^ truth (P.get_autostart shown));
  let info label = say label (fun () -> let i = P.get_info shown in Printf.sprintf "%Ld %Ld %Ld" i.capacity i.allocation i.available) in
  info "pool's sizes";
  say "pool's document" (fun () -> P.get_xml_desc shown);
  say "no pool" (fun () -> P.get_name (P.const (P.lookup_by_name c "none")));
  say "new volume" (fun () -> V.create_xml it "<volume><name>v</name><capacity>1000000</capacity><allocation>1000</allocation></volume>"; done_ ());
  say "the same volume" (fun () -> V.create_xml it "<volume><name>v</name><capacity>1</capacity></volume>"; done_ ());
  info "less room";
  say "volumes" (fun () -> sorted (P.list_volumes shown (P.num_of_volumes shown)));
  let volume = V.lookup_by_name it "v" in
  let seen = V.const volume in
  say "volume" (fun () -> V.get_name seen ^ " " ^ V.get_key seen ^ " " ^ V.get_path seen);
  say "volume's sizes" (fun () -> let i = V.get_info seen in Printf.sprintf "%Ld %Ld" i.capacity i.allocation);
  say "volume's document" (fun () -> V.get_xml_desc seen);
  say "volume by key" (fun () -> V.get_name (V.const (V.lookup_by_key c "/default-pool/v")));
  say "volume by path" (fun () -> V.get_name (V.const (V.lookup_by_path c "/default-pool/v")));
  say "no volume" (fun () -> V.get_name (V.const (V.lookup_by_path c "/none")));
  say "pool of volume" (fun () -> P.get_name (P.const (V.pool_of_volume volume)));
  say "delete volume" (fun () -> V.delete volume V.Normal; done_ ());
  say "volume is gone" (fun () -> V.get_name seen ^ number (P.num_of_volumes shown));
  let made = P.define_xml c "<pool type='dir'><name>made</name><uuid>11111111-2222-3333-4444-555555555555</uuid><target><path>/made</path></target></pool>" in
  say "build pool" (fun () -> P.build made P.New; done_ ());
  say "start pool" (fun () -> P.create made; done_ ());
  say "undefine a running pool" (fun () -> P.undefine made; done_ ());
  say "refresh pool" (fun () -> P.refresh (P.const made); done_ ());
  say "autostart of pool" (fun () -> P.set_autostart made true; truth (P.get_autostart (P.const made)));
  say "stop pool" (fun () -> P.destroy made; done_ ());
  say "delete pool" (fun () -> P.delete (P.lookup_by_name c "made"); done_ ());
  say "undefine pool" (fun () -> P.undefine (P.lookup_by_name c "made"); done_ ())

let read_only () =
  let c = C.connect_readonly ~name:"test:///default" () in
  say "read-only" (fun () -> D.get_name (D.lookup_by_name c "test"));
  say "close" (fun () -> C.close c; done_ ());
  say "closed" (fun () -> C.get_type c)

let () =
  E.register_default_impl ();
  List.iter (fun name -> say ("open " ^ name) (fun () -> C.get_type (C.connect ~name ()))) [ "test:///none"; "none:///"; "" ];
  let c = C.connect ~name:"test:///default" () in
  host c;
  domains c;
  events c;
  networks c;
  storage c;
  read_only ()
