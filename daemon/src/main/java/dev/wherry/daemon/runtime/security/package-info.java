/**
 * What restricts a process: capabilities, seccomp, devices, AppArmor, and the security options that change them.
 */
package dev.wherry.daemon.runtime.security;
