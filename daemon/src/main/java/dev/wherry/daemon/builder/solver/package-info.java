/**
 * Solves a build graph: finds the result of each vertex in the cache or makes it. Independent vertices are solved at
 * once, and a step that several builds need is performed once for all of them. The solver knows operations only by their
 * interface, and no Dockerfile.
 */
package dev.wherry.daemon.builder.solver;
