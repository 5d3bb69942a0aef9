/**
 * The life of a container. {@link Lifecycle} is the entrance; behind it, each class has one subject: creation, launch,
 * exits, restarts, stopping, removal, pausing, changes, waits, attachments and recovery.
 *
 * <p>A container passes from one state to another only in {@link Transitions}, under the lock of its
 * {@link LiveContainer}. Both are seen by this package alone; everyone else reads through {@code Containers}.
 */
package dev.wherry.daemon.container.lifecycle;
