/**
 * From a root file system and a program to a process. This package runs the steps of builds ({@link
 * dev.wherry.daemon.runtime.StepRunner}); containers use its parts: {@code bundle} and {@code spec} (OCI
 * runtime-spec), {@code security}, {@code cgroup}, {@code runc} (the OCI runtime) and {@code conmon}. Only files
 * below the run root survive a restart.
 */
package dev.wherry.daemon.runtime;
