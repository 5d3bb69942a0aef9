/** Words of instructions, and the substitution of variables in them. */
package dev.wherry.daemon.builder.dockerfile.word;
