//! A server without a framework: one connection at a time, one request each, `GET` only.
//!
//!     CLERK_PUBLISHABLE_KEY=pk_test_… CLERK_SECRET_KEY=sk_test_… cargo run --example server
//!
//! Open http://127.0.0.1:3000/ in a browser that is signed in to your application, or send a session token:
//!
//!     curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/

use std::error::Error;

use clerk_auth::{Clerk, Outcome};
use http::{HeaderMap, Request, StatusCode, request::Parts};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let clerk = Clerk::from_env()?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening at http://{}", listener.local_addr()?);
    loop {
        let (mut stream, _) = listener.accept().await?;
        if let Err(error) = serve(&clerk, &mut stream).await {
            eprintln!("{error}");
        }
    }
}

async fn serve(clerk: &Clerk, stream: &mut TcpStream) -> Result<()> {
    let parts = read_head(stream).await?;
    let (status, headers, body) = match clerk.authenticate(&parts).await {
        Ok(state) => match state.into_outcome() {
            Outcome::Redirect { headers } => (StatusCode::TEMPORARY_REDIRECT, headers, String::new()),
            Outcome::Decided { auth, headers } => match auth.signed_in() {
                Some(user) => (StatusCode::OK, headers, format!("Hello, {}\n", user.user_id)),
                None => (StatusCode::UNAUTHORIZED, headers, "Hello, stranger\n".to_owned()),
            },
        },
        Err(error) => (StatusCode::BAD_REQUEST, HeaderMap::new(), format!("{error}\n")),
    };
    let mut response = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for (name, value) in &headers {
        response.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let end = format!(
        "content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    response.extend(end.into_bytes());
    stream.write_all(&response).await?;
    Ok(())
}

/// Reads the request line and the headers.
async fn read_head(stream: &mut TcpStream) -> Result<Parts> {
    let mut lines = BufReader::new(stream).lines();
    let line = lines.next_line().await?.ok_or("the connection was closed")?;
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Request::builder().method(method).uri(target);
    while let Some(line) = lines.next_line().await? {
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        request = request.header(name, value.trim());
    }
    Ok(request.body(())?.into_parts().0)
}
