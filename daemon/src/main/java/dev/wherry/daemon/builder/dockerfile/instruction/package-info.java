/** The instructions of a Dockerfile as types. */
package dev.wherry.daemon.builder.dockerfile.instruction;
