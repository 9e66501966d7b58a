/* The public error functions, behind their entry points. The generated header of all bodies declares them again. */
#ifndef VIRT_ERROR_BODIES_H
#define VIRT_ERROR_BODIES_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

virErrorPtr virt_body_virGetLastError(void);
virErrorPtr virt_body_virSaveLastError(void);
void virt_body_virResetLastError(void);
void virt_body_virResetError(virErrorPtr err);
void virt_body_virFreeError(virErrorPtr err);
int virt_body_virGetLastErrorCode(void);
int virt_body_virGetLastErrorDomain(void);
const char *virt_body_virGetLastErrorMessage(void);
int virt_body_virCopyLastError(virErrorPtr to);
void virt_body_virDefaultErrorFunc(virErrorPtr err);
void virt_body_virSetErrorFunc(void *userData, virErrorFunc handler);
void virt_body_virConnSetErrorFunc(virConnectPtr conn, void *userData, virErrorFunc handler);
virErrorPtr virt_body_virConnGetLastError(virConnectPtr conn);
int virt_body_virConnCopyLastError(virConnectPtr conn, virErrorPtr to);
void virt_body_virConnResetLastError(virConnectPtr conn);

#endif
