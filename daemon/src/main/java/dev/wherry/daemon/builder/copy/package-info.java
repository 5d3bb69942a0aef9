/** Copies files for COPY and ADD: selection, ownership, modes, and reuse of earlier copies. */
package dev.wherry.daemon.builder.copy;
