/** Splits a Dockerfile into logical lines and statements. */
package dev.wherry.daemon.builder.dockerfile.lexer;
