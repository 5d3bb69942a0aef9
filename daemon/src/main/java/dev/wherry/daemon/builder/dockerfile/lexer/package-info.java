/** Splits a Dockerfile into directives and logical lines, and a logical line into keyword, flags and arguments. */
package dev.wherry.daemon.builder.dockerfile.lexer;
