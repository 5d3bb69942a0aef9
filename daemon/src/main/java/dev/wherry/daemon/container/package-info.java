/**
 * Containers. This package says what a container is and where it stands: {@link Container} with its {@link State},
 * {@link Status}, {@link Health} and {@link Exit}; {@link Containers} finds and lists them.
 *
 * <p>The subpackages lie above, and none uses one that is further up:
 *
 * <pre>
 * health                     runs health checks
 * exec   files               additional processes · archives, changes, commits
 * lifecycle                  create, start, exit, restart, stop, remove: the only one that changes a container
 * log    stats    attach     what containers wrote · what they use · their streams
 * container                  this package
 * config                     what a container is asked to be
 * </pre>
 */
package dev.wherry.daemon.container;
