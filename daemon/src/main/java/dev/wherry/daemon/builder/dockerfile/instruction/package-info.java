/** The instructions of a Dockerfile as records, and the values that their arguments and flags have. */
package dev.wherry.daemon.builder.dockerfile.instruction;
