/** Finds or makes the snapshot of each vertex of a graph. */
package dev.wherry.daemon.builder.solver;
