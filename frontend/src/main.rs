//! The dashboard's first module: the shell, the way in, the list of webhooks.

fn main() {
    seinpost_frontend::start();
}
