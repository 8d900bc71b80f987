//! Serves the floor on a free port, which it prints. The argument `compress` adds compression.

use std::env;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// The app's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let compress = env::args().any(|argument| argument == "compress");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // Without it a connection only measures slower, so a failure is not one of the measurement.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, floor::router(compress)).await
}
