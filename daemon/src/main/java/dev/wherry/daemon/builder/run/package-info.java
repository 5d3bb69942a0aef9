/** RUN steps: the process in its sandbox, and what is mounted while it runs: files, caches, secrets and SSH agents. */
package dev.wherry.daemon.builder.run;
