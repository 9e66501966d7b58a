# A program on ruby-libvirt, which Vagrant and Puppet use. Run by test_programs.py on both libraries; prints a line of JSON for each thing
# that it does: its label, and what came of it.
require "json"
require "libvirt"

def plain(answer)
  case answer
  when String, Numeric, Array, Hash, nil, true, false then answer
  else answer.class.to_s
  end
end

def step(label)
  answer = yield
  puts [label, plain(answer)].to_json
  answer
rescue Libvirt::Error => error
  puts [label, [error.class.to_s, error.libvirt_code, error.libvirt_component, error.libvirt_level]].to_json
end

def each_of(thing, names)
  names.each { |name| step("#{thing.class} #{name}") { thing.send(name) } }
end

def fields(thing, *names)
  names.to_h { |name| [name, thing.send(name)] }
end

DOMAIN = "<domain type='test'><name>made</name><memory>1024</memory><os><type>hvm</type></os></domain>"
c = Libvirt.open("test:///default")
each_of(c, %i[type hostname uri max_vcpus capabilities alive? encrypted? secure? closed? num_of_domains list_domains list_defined_domains list_interfaces
              list_defined_interfaces list_networks list_defined_networks list_storage_pools list_defined_storage_pools num_of_secrets num_of_nwfilters
              num_of_nodedevices node_free_memory node_memory_stats node_cpu_map sys_info])
step("node") { fields(c.node_get_info, :model, :memory, :cpus, :mhz, :nodes, :sockets, :cores, :threads) }

d = c.lookup_domain_by_name("test")
each_of(d, %i[name uuid id os_type max_memory max_vcpus xml_desc state autostart? persistent? active? updated? has_managed_save? num_of_snapshots
              list_snapshots scheduler_type memory_parameters num_vcpus_of_nobody job_stats disk_errors].select { |name| d.respond_to?(name) })
step("memory") { d.memory_stats.map(&:tag) }
step("processors") { d.vcpus.map { |it| fields(it, :number, :state, :cpu, :cpumap) } }
each_of(d, %i[suspend resume reboot shutdown create create suspend destroy create managed_save create])
step("memory=") { d.memory = [65_536, 1] }
step("vcpus=") { d.vcpus = 1 }
step("autostart=") { d.autostart = true }
step("memory_parameters=") { d.memory_parameters = [{ "hard_limit" => 20_000 }, 0] }
step("hard limit") { d.memory_parameters["hard_limit"] }
s = step("snapshot") { d.snapshot_create_xml("<domainsnapshot><name>moment</name></domainsnapshot>") }
each_of(s, %i[name num_children list_children_names has_metadata? current? parent])
step("revert") { d.revert_to_snapshot(s) }
step("current") { d.current_snapshot.name }
each_of(s, %i[delete delete])
file = ARGV[0]
step("save") { d.save(file) }
step("description") { c.save_image_xml_desc(file).size }
step("restore") { Libvirt::Domain.restore(c, file) }
step("core") { d.core_dump(file) }
step("title=") { d.metadata = [Libvirt::Domain::METADATA_TITLE, "title"] }
step("title") { d.metadata(Libvirt::Domain::METADATA_TITLE) }
x = step("define") { c.define_domain_xml(DOMAIN) }
each_of(x, %i[create destroy undefine undefine])
step("create once") { c.create_domain_xml(DOMAIN).destroy }

n = c.lookup_network_by_name("default")
each_of(n, %i[name uuid xml_desc bridge_name autostart? active? persistent? undefine destroy create])
step("network") { c.define_network_xml("<network><name>lab</name><uuid>11111111-2222-3333-4444-000000000001</uuid></network>").create }
each_of(c.lookup_interface_by_name("eth1"), %i[name mac xml_desc active? destroy create undefine])
p = c.lookup_storage_pool_by_name("default-pool")
each_of(p, %i[name uuid xml_desc autostart? active? persistent? num_of_volumes list_volumes refresh])
step("pool") { fields(p.info, :state, :capacity, :allocation, :available) }
v = step("volume") { p.create_volume_xml("<volume><name>volume</name><capacity>70000</capacity></volume>") }
each_of(v, %i[name key path xml_desc])
step("clone") { p.create_volume_xml_from("<volume><name>clone</name><capacity>70000</capacity></volume>", v).name }
step("upload") { c.stream.tap { |stream| v.upload(stream, 0, 5); stream.send("hello"); stream.finish } && 0 }
step("download") { stream = c.stream; v.download(stream, 0, 5); stream.recv(5) }
each_of(v, %i[delete delete])
each_of(p, %i[destroy build delete undefine])
step("sources") { c.discover_storage_pool_sources("iscsi", "<source><host name='h'/></source>") }
each_of(c.lookup_nodedevice_by_name("scsi_host2"), %i[name parent num_of_caps list_caps xml_desc])
step("none") { c.lookup_domain_by_name("none") }
step("none") { c.lookup_domain_by_id(99) }
step("wrong") { c.define_domain_xml("<x") }
each_of(c, %i[close closed?])
