/** Three islands with their contour lines. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 48 32" width="42" height="28" aria-hidden="true" focusable="false">
      <path d="M3 20c1-6 7-9 12-8s7 5 6 10-6 7-11 6-8-3-7-8z" />
      <path d="M7 20c1-3 4-5 7-4s4 3 3 5-3 4-6 3-5-2-4-4z" />
      <path d="M26 8c2-4 7-6 11-4s5 6 2 9-8 3-11 1-3-4-2-6z" />
      <path d="M30 9c1-2 3-3 5-2s2 3 1 4-3 1-5 0-1-1-1-2z" />
      <path d="M31 25c2-3 6-4 9-2s3 5 0 6-7 1-9-1-1-2 0-3z" />
    </svg>
  )
}
