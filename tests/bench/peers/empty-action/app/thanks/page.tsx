export default function Page() {
  return <p>ありがとうございました</p>;
}
