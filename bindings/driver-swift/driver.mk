# Builds a driver in Swift outside the library's tree; included by the driver's own Makefile, which sets
#   name      the driver's name: libvirt_driver_$(name).so
#   product   the static product that holds it
swiftkit := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
include $(swiftkit)/link.mk

driver := libvirt_driver_$(name).so
objects := .build/release

all: $(driver)

kit:
	ln -s $(swiftkit) kit

# The repair of the Swift run-time after fork belongs into every shared object that carries one.
$(driver): kit FORCE
	$(SWIFT) build -c release --product $(product)
	$(link) -Wl,-s -fuse-ld=lld -o $@ -Wl,-soname,$@ -Wl,--version-script=$(swiftkit)/driver.map -Wl,-u,virt_driver_negotiate \
	  $(objects)/CVirtRuntime.build/fork-swift.c.o $(objects)/lib$(product).a $(runtime)

install: $(driver)
	install -D -m 755 $(driver) $(DESTDIR)$$(pkg-config --variable=driverdir libvirt)/$(driver)

clean:
	rm -rf $(driver) .build kit

.PHONY: all install clean FORCE
