/** The commands that show the pods of a kubelet. */
package dev.wherry.cli.command.pod;
