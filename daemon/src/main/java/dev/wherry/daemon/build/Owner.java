package dev.wherry.daemon.build;

import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.User;
import java.nio.file.Path;

/** Who a copied file belongs to, by the numbers of the image. */
record Owner(int uid, int gid) {

    /**
     * What a file gets that is made as the image's user: as in Docker a number alone is user and group, a name brings
     * its group along, and a name that the image does not know counts as root.
     */
    static Owner ofUser(Path rootfs, String user) {
        if (user.matches("[0-9]{1,9}")) {
            return new Owner(Integer.parseInt(user), Integer.parseInt(user));
        }
        try {
            User known = User.resolve(rootfs, user);
            return new Owner(known.uid(), known.gid());
        } catch (StartException unknown) {
            return new Owner(0, 0);
        }
    }
}
