package dev.wherry.daemon.linux.isal;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/** What is called of {@code libisal}, under its own names; {@code igzip_lib.h} is the documentation. */
interface LibIsal extends Library {

    void isal_deflate_stateless_init(Pointer stream);

    int isal_deflate_stateless(Pointer stream);

    void isal_inflate_init(Pointer state);

    int isal_inflate(Pointer state);
}
