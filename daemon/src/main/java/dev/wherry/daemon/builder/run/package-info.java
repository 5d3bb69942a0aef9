/** Runs the processes of RUN instructions, with their mounts, secrets and traces. */
package dev.wherry.daemon.builder.run;
