/**
 * What stacks of layers hold, read without a mount: how two of them differ, and what one of them stores in vain. Folders that
 * both stacks share are not read.
 */
package dev.wherry.daemon.snapshot.stack;
